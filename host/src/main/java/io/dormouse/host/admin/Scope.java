package io.dormouse.host.admin;

import java.util.Locale;

/** What a token allows. */
enum Scope {
  /** To see plugins, namespaces, sockets, events, logs and metrics. */
  READ,
  /** To emit to sockets, and to send again what hooks have not got. */
  EMIT,
  /** To deploy, remove, put to sleep and wake plugins. */
  DEPLOY,
  /** To disconnect sockets, and to drain the host. */
  DRAIN;

  /** As it is configured. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
