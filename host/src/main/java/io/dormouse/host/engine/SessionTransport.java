package io.dormouse.host.engine;

import io.dormouse.api.Transport;

/** What carries a session's frames at the moment. */
interface SessionTransport {
  Transport name();

  /** Called when frames wait in the outbound queue and nobody drains it. Returns at once. */
  void wake(Session session);

  /** Drains in the calling thread, which may block on this client's socket. */
  void drain(Session session);

  /** Says goodbye as the transport does and ends; called once, when the session has closed. */
  void finish(Session session, CloseReason reason);
}
