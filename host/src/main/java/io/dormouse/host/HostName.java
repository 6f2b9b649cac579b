package io.dormouse.host;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** What a host is called for people: its machine and its port. */
final class HostName {
  private HostName() {}

  static String of(int port) {
    String pod = System.getenv("HOSTNAME");
    if (pod != null && !pod.isBlank()) {
      return pod + ":" + port;
    }
    try {
      return InetAddress.getLocalHost().getHostName() + ":" + port;
    } catch (UnknownHostException nameless) {
      return "localhost:" + port;
    }
  }
}
