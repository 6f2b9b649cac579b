package io.dormouse.api;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A namespace that a plugin owns: its handlers, and everyone in it to emit to.
 *
 * <p>Handlers belong to the namespace, not to a socket; what a socket must remember goes into
 * {@link Socket#data}. They are registered inside {@link Plugin#start}, one per event; a second one
 * for the same event is an error. The host runs handlers on virtual threads, so they may block:
 * those of one socket one after the other in the order in which its packets came, those of
 * different sockets at the same time. A handler has a deadline ({@code
 * dormouse.socket.handler-timeout}), past which it is interrupted.
 *
 * <p>When the client asked for an ack it gets one: empty when an {@link #on} handler has returned,
 * the value of an {@link #onWithAck} handler, or {@code {"error": {"code", "message"}}}: of a
 * thrown {@link EventError} as it is, {@code bad_payload} when the payload does not fit the type,
 * {@code failed} when anything else was thrown and {@code timeout} past the deadline.
 *
 * {@snippet class="NamespaceExample" region="namespace"}
 */
public interface Namespace extends BroadcastOperator {
  /** Its name, or the pattern that it was registered with. */
  String name();

  /**
   * Handles an event.
   *
   * @param type what the first argument is read as: a record, text, a number, a map, {@link
   *     Payload} for anything, {@link Arguments} for all arguments
   */
  <T> Namespace on(String event, Class<T> type, EventHandler<T> handler);

  /** Handles an event and answers it with the returned value, when the client asked for an ack. */
  <T> Namespace onWithAck(String event, Class<T> type, AckHandler<T> handler);

  /** Called for each event that has no handler of its own. */
  Namespace onAny(AnyHandler handler);

  /**
   * Called when a socket has joined, before any of its events. A thrown {@link ConnectionRefused}
   * refuses it, as does anything else thrown, with a fixed text. What it emits to the socket
   * arrives after the client's {@code connect} event.
   */
  Namespace onConnect(ConnectHandler handler);

  /** Called when a socket is about to leave: its rooms are still there. */
  Namespace onDisconnecting(DisconnectHandler handler);

  /** Called once for each socket that was connected, after it has left its rooms. */
  Namespace onDisconnect(DisconnectHandler handler);

  /**
   * Adds a middleware for connections, run in the order added before the socket joins; Node's
   * {@code namespace.use}. Throwing {@link ConnectionRefused} refuses the socket.
   */
  Namespace use(ConnectHandler middleware);

  /**
   * Adds a middleware for events, run in the order added before an event's handler; Node's {@code
   * socket.use}. Throwing {@link EventError} answers the event in the handler's place.
   */
  Namespace useEvents(AnyHandler middleware);

  /**
   * Lets clients that come back after a short break have their id, rooms, {@link Socket#data} and
   * the events that they missed, on this host or, with Redis, on any other: Node's {@code
   * connectionStateRecovery}. Clients see no {@code disconnect} handler undone: it has run, and the
   * connect handler runs again, with {@link Socket#recovered}; middleware of {@link #use} does not.
   *
   * <p>As from Node, each event to a client has one more argument, which official JavaScript
   * clients need: a client whose handler takes a fixed number of arguments must take one more.
   * Events that are volatile, {@linkplain #local local} or wait for an ack are not remembered. The
   * limits are {@code dormouse.recovery.*}.
   */
  Namespace recoverable();

  /**
   * Handles an event that another host's handler of this namespace emitted with {@link
   * #serverSideEmit}, on a virtual thread; it wakes a sleeping plugin. Never called for what this
   * host emitted itself.
   *
   * @param type what the first argument is read as, as for {@link #on}
   */
  <T> Namespace onServerSide(String event, Class<T> type, ServerSideHandler<T> handler);

  /**
   * Emits an event to the handlers of this namespace on all other hosts, not to clients, and
   * returns at once. A Node server of the same Redis gets it too. Reaches nobody without Redis.
   */
  void serverSideEmit(String event, @Nullable Object... arguments);

  /**
   * Emits an event to the handlers of this namespace on all other hosts and blocks until each has
   * answered or {@code dormouse.backplane.request-timeout} has passed. Empty and complete when no
   * other host is there.
   *
   * @param type what each answer is read as
   */
  <T> Replies<T> serverSideEmitWithAck(Class<T> type, String event, @Nullable Object... arguments);

  /**
   * All rooms that somebody is in, on all hosts; the ids of sockets, each a room of its own, are
   * among them. Blocks until the other hosts have answered. A copy.
   */
  Set<String> rooms();

  /**
   * Registers the methods of an object that are annotated with {@link On}, {@link OnAny}, {@link
   * OnConnect}, {@link OnDisconnecting} or {@link OnDisconnect}. A method of the wrong form throws
   * {@link IllegalArgumentException} that names it and the forms allowed.
   */
  Namespace handlers(Object handlers);
}
