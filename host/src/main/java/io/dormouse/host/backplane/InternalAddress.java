package io.dormouse.host.backplane;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a host's internal listener is reached.
 *
 * @param host a name or an address, IPv6 without brackets
 */
record InternalAddress(String host, int port) {
  private static final Pattern TEXT =
      Pattern.compile("(?:\\[([0-9a-fA-F:.%\\w]{2,60})]|([\\w.-]{1,253}))(?::(\\d{1,5}))?");

  /** Reads {@code host} or {@code host:port}; null when it is neither. */
  static @Nullable InternalAddress parse(@Nullable String text, int otherwise) {
    Matcher matcher = TEXT.matcher(text == null ? "" : text);
    if (!matcher.matches()) {
      return null;
    }
    String host = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
    int port = matcher.group(3) == null ? otherwise : Integer.parseInt(matcher.group(3));
    return port < 1 || port > 65_535 ? null : new InternalAddress(host, port);
  }

  /**
   * The address of this machine by which it reaches another; null when it does not know that one's
   * name, or no way. Nothing is sent.
   */
  static @Nullable String towards(String host, int port) {
    String plain = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    try (DatagramSocket socket = new DatagramSocket()) {
      InetSocketAddress remote = new InetSocketAddress(plain, port);
      if (remote.isUnresolved()) {
        return null;
      }
      socket.connect(remote);
      InetAddress local = socket.getLocalAddress();
      return local.isAnyLocalAddress() ? null : local.getHostAddress();
    } catch (IOException | RuntimeException noWay) {
      return null;
    }
  }

  /** Looks its name up. */
  InetSocketAddress resolved() {
    return new InetSocketAddress(host, port);
  }

  @Override
  public String toString() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
