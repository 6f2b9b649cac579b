package io.dormouse.host.namespace;

/**
 * What can go wrong between a client's packet and its handler, with what the client is told in the
 * ack's {@code error}.
 */
enum NamespaceErrorCode {
  HANDLER_FAILED("failed", "The server could not handle this event."),
  HANDLER_TIMEOUT("timeout", "The server took too long to handle this event."),
  EVENT_RATE("rate_limited", "Too many events; slow down."),
  UNAVAILABLE("unavailable", "This service is not available at the moment."),
  NAMESPACE_UNKNOWN("invalid_namespace", "Invalid namespace"),
  NAMESPACES_PER_CONNECTION("too_many_namespaces", "Too many namespaces on one connection"),
  CONNECT_FAILED("connect_failed", "The server could not let you in."),
  PACKET_BAD("bad_packet", "Not a packet");

  private final String code;
  private final String message;

  NamespaceErrorCode(String code, String message) {
    this.code = code;
    this.message = message;
  }

  String code() {
    return code;
  }

  String message() {
    return message;
  }
}
