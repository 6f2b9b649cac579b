package io.dormouse.host;

import java.net.InetAddress;

/** A range of IP addresses in CIDR form, or a single one. Never asks DNS. */
final class AddressRange {
  private final byte[] network;
  private final int bits;

  private AddressRange(byte[] network, int bits) {
    this.network = network;
    this.bits = bits;
  }

  /**
   * @throws IllegalArgumentException when it is neither an address nor a range
   */
  static AddressRange parse(String text) {
    int slash = text.indexOf('/');
    byte[] network = literal(slash < 0 ? text : text.substring(0, slash));
    int bits = slash < 0 ? network.length * 8 : Integer.parseInt(text.substring(slash + 1));
    if (bits < 0 || bits > network.length * 8) {
      throw new IllegalArgumentException("prefix of " + bits + " bits");
    }
    return new AddressRange(network, bits);
  }

  static boolean isValid(String text) {
    try {
      parse(text);
      return true;
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  /** False for what is no IP address. */
  boolean contains(String address) {
    byte[] other;
    try {
      other = literal(address);
    } catch (IllegalArgumentException _) {
      return false;
    }
    if (other.length != network.length) {
      return false;
    }
    for (int bit = 0; bit < bits; bit++) {
      int mask = 0x80 >> (bit & 7);
      if ((network[bit >> 3] & mask) != (other[bit >> 3] & mask)) {
        return false;
      }
    }
    return true;
  }

  private static byte[] literal(String address) {
    return InetAddress.ofLiteral(address).getAddress();
  }
}
