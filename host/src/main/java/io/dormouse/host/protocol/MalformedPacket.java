package io.dormouse.host.protocol;

/**
 * A client sent what is no packet; its connection has to be closed. The message never has any of
 * the payload. Has no stack trace, since hostile clients make many of them.
 */
public final class MalformedPacket extends RuntimeException {
  private final ProtocolErrorCode code;

  MalformedPacket(ProtocolErrorCode code, String message) {
    super(message + " [" + code + "]", null, false, false);
    this.code = code;
  }

  public ProtocolErrorCode code() {
    return code;
  }
}
