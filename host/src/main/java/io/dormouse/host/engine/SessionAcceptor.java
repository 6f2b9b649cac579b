package io.dormouse.host.engine;

/** Gives each new session its listener. */
@FunctionalInterface
public interface SessionAcceptor {
  /** Called before the client's first message. What is sent here follows the handshake packet. */
  SessionListener open(Session session);
}
