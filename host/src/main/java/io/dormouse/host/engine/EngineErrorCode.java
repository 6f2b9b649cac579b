package io.dormouse.host.engine;

/**
 * Why a request was refused. The first six are Engine.IO's, with the reference server's number and
 * words; the rest are ours and answer with the number whose meaning is nearest.
 */
enum EngineErrorCode {
  TRANSPORT_UNKNOWN(0, 400, "Transport unknown"),
  SESSION_UNKNOWN(1, 400, "Session ID unknown"),
  BAD_HANDSHAKE_METHOD(2, 400, "Bad handshake method"),
  BAD_REQUEST(3, 400, "Bad request"),
  FORBIDDEN(4, 403, "Forbidden"),
  UNSUPPORTED_PROTOCOL_VERSION(5, 400, "Unsupported protocol version"),
  ORIGIN_FORBIDDEN(4, 403, "Origin not allowed"),
  TOO_MANY_CONNECTIONS(4, 503, "Too many connections"),
  TOO_MANY_CONNECTIONS_OF_ADDRESS(4, 429, "Too many connections from this address"),
  STOPPING(4, 503, "Server shutting down");

  private final int number;
  private final int status;
  private final String message;

  EngineErrorCode(int number, int status, String message) {
    this.number = number;
    this.status = status;
    this.message = message;
  }

  int status() {
    return status;
  }

  String json() {
    return "{\"code\":" + number + ",\"message\":\"" + message + "\"}";
  }
}
