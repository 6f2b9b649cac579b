package io.dormouse.host;

import io.dormouse.host.admin.AdminSettings;
import io.helidon.webserver.http.DirectHandlers;

/** For tests of the public listener. */
final class NoAdmin {
  static final Listeners.Admin SIDE =
      new Listeners.Admin(
          new AdminSettings(false, 0, "127.0.0.1"), _ -> {}, DirectHandlers.create(), 0);

  private NoAdmin() {}
}
