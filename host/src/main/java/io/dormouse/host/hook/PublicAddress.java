package io.dormouse.host.hook;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Arrays;

/** Whether an address is one of the public Internet, by IANA's registries of special addresses. */
final class PublicAddress {
  private PublicAddress() {}

  static boolean is(InetAddress address) {
    byte[] bytes = address.getAddress();
    if (address instanceof Inet4Address) {
      return isPublic4(bytes);
    }
    // NAT64 (RFC 6052): the last four bytes are the address that is really reached.
    if (startsWith(bytes, 0x00, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0)) {
      return isPublic4(Arrays.copyOfRange(bytes, 12, 16));
    }
    return (bytes[0] & 0xe0) == 0x20 // 2000::/3, global unicast; of it, protocols and tunnels not
        && !(startsWith(bytes, 0x20, 0x01) && (bytes[2] & 0xfe) == 0) // 2001::/23
        && !startsWith(bytes, 0x20, 0x01, 0x0d, 0xb8) // documentation
        && !startsWith(bytes, 0x20, 0x02) // 6to4
        && !startsWith(bytes, 0x3f, 0xff); // documentation
  }

  private static boolean isPublic4(byte[] bytes) {
    int first = bytes[0] & 0xff;
    int second = bytes[1] & 0xff;
    return switch (first) {
      case 0, 10, 127 -> false;
      case 100 -> (second & 0xc0) != 64; // shared by a provider's customers
      case 169 -> second != 254;
      case 172 -> (second & 0xf0) != 16;
      case 192 ->
          second != 168
              && !startsWith(bytes, 192, 0, 0)
              && !startsWith(bytes, 192, 0, 2)
              && !startsWith(bytes, 192, 88, 99);
      case 198 -> (second & 0xfe) != 18 && !startsWith(bytes, 198, 51, 100);
      case 203 -> !startsWith(bytes, 203, 0, 113);
      default -> first < 224; // above are multicast and reserved ones
    };
  }

  private static boolean startsWith(byte[] bytes, int... start) {
    for (int i = 0; i < start.length; i++) {
      if ((bytes[i] & 0xff) != start[i]) {
        return false;
      }
    }
    return true;
  }
}
