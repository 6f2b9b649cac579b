package io.dormouse.host.admin;

/** Why an admin request is refused: the problem's code, title and status, and a metric's label. */
enum AdminErrorCode {
  /** A query parameter is unknown, comes twice or has a value that does not fit. */
  ADMIN_BAD_PARAMETER(400, "A query parameter is wrong"),
  /** A header is malformed. */
  ADMIN_BAD_HEADER(400, "A header is wrong"),
  /** The body is missing, malformed or has an unknown key. */
  ADMIN_BAD_BODY(400, "The body is wrong"),
  /** The body is not what {@code Content-Digest} says. */
  ADMIN_WRONG_DIGEST(400, "The body has another digest"),
  /** The request is no HTTP that this listener understands. */
  ADMIN_BAD_REQUEST(400, "The request is malformed"),
  ADMIN_NO_TOKEN(401, "A token is needed"),
  ADMIN_WRONG_TOKEN(401, "The token is not known"),
  ADMIN_WRONG_SCOPE(403, "The token has not the scope"),
  /** The request comes from a web page. */
  ADMIN_WEB_PAGE(403, "Web pages are not answered"),
  /** No token is configured, and the listener is not on loopback. */
  ADMIN_CLOSED(403, "Open on loopback or with a token only"),
  ADMIN_NOT_FOUND(404, "There is no such path"),
  ADMIN_UNKNOWN_PLUGIN(404, "There is no such plugin"),
  ADMIN_UNKNOWN_SOCKET(404, "There is no such socket"),
  ADMIN_UNKNOWN_HOOK(404, "There is no such hook"),
  ADMIN_UNKNOWN_DEAD_LETTER(404, "There is no such dead letter"),
  ADMIN_WRONG_METHOD(405, "The path has other methods"),
  ADMIN_OPERATION_IN_PROGRESS(409, "The plugin is busy with another operation"),
  ADMIN_NOTHING_TO_DO(409, "The plugin's state does not allow it"),
  /** The host is in a state in which it cannot be done. */
  ADMIN_WRONG_STATE(409, "The host's state does not allow it"),
  /** {@code If-Match} names another JAR than the one that is wanted now. */
  ADMIN_CHANGED(412, "The plugin was changed meanwhile"),
  ADMIN_TOO_LARGE(413, "The body is too large"),
  ADMIN_WRONG_MEDIA_TYPE(415, "The body has another media type"),
  /** The JAR is that of another plugin than the one in the path. */
  ADMIN_OTHER_PLUGIN(422, "The JAR is of another plugin"),
  ADMIN_FAILED(500, "The host failed"),
  ADMIN_TOO_MANY_STREAMS(503, "Too many streams are open");

  private final int status;
  private final String title;

  AdminErrorCode(int status, String title) {
    this.status = status;
    this.title = title;
  }

  int status() {
    return status;
  }

  String title() {
    return title;
  }
}
