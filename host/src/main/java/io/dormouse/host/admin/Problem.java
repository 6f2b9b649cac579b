package io.dormouse.host.admin;

import java.util.Locale;

/**
 * A request that is refused, answered as Problem Details (RFC 9457). The message is its detail and
 * never has a token or a body in it.
 */
final class Problem extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final String code;
  private final int status;
  private final String title;
  private final String detail;

  Problem(AdminErrorCode code, String detail) {
    this(code.name(), code.status(), code.title(), detail);
  }

  Problem(String code, int status, String title, String detail) {
    super(detail, null, false, false);
    this.code = code;
    this.status = status;
    this.title = title;
    this.detail = detail;
  }

  String code() {
    return code;
  }

  int status() {
    return status;
  }

  /** The answer's body. */
  Body body(String instance) {
    String type = "urn:dormouse:problem:" + code.toLowerCase(Locale.ROOT).replace('_', '-');
    return new Body(type, title, status, detail, code, instance);
  }

  /** As it is written. */
  record Body(String type, String title, int status, String detail, String code, String instance) {}
}
