package io.dormouse.host.namespace;

import io.dormouse.host.protocol.EventData;
import io.dormouse.host.protocol.RawArguments;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The same namespaces on other hosts. Each method does its part there only; what concerns this
 * host's sockets is done already. A name may be a pattern, which stands for all of its children.
 *
 * <p>Methods return at once unless they say otherwise; what one thread asks for is done elsewhere
 * in that order. Nothing here throws when others cannot be reached.
 */
public interface Backplane {
  /** There are no others. */
  Backplane NONE = new Backplane() {};

  /** Clients of this host can join a namespace from now on. */
  default void opened(String nameOrPattern) {}

  /** They cannot any more. */
  default void closed(String nameOrPattern) {}

  /** Whether another host serves a namespace, so that this one may soon do so too. */
  default boolean knows(String namespace) {
    return false;
  }

  /** What the numbers of this host's events are known by elsewhere. */
  default String origin() {
    return "host";
  }

  /** Whether the host of an origin is there. */
  default boolean isAlive(String origin) {
    return false;
  }

  /** Whether this is the host that adopts foreign events of a name or pattern. */
  default boolean adopts(String nameOrPattern) {
    return false;
  }

  /** Tells the others that this host has adopted an event. */
  default void adopted(Foreign foreign, long number) {}

  /**
   * Asks for what others emitted before namespaces with recovery were served here; {@link
   * LocalSockets#recall} gets it once, when it is there.
   */
  default void recall() {}

  /** What all hosts keep for clients that come back; null when each keeps its own. */
  default @Nullable SavedSockets savedSockets() {
    return null;
  }

  /**
   * Broadcasts.
   *
   * @param number of the event in a namespace with recovery; 0 for one that is not remembered
   */
  default void broadcast(
      String name, Target target, Emission emission, EventData event, long number) {}

  /**
   * Broadcasts and asks the others whom they reached.
   *
   * @param number as for {@link #broadcast}
   */
  default Receipts broadcastAndAsk(
      String name, Target target, Emission emission, EventData event, long number) {
    return Receipts.NOBODY;
  }

  /** Broadcasts an event whose acks are wanted. */
  default Asked ask(
      String name, Target target, Emission emission, EventData event, Duration timeout) {
    return Asked.NOBODY;
  }

  /** The chosen sockets of other hosts. Blocks until they have answered, or for a limited time. */
  default List<SocketSnapshot> fetch(String name, Target target) {
    return List.of();
  }

  /** All rooms of other hosts, those of single sockets among them. Blocks as {@link #fetch}. */
  default Set<String> rooms(String name) {
    return Set.of();
  }

  default void join(String name, Target target, Collection<String> rooms) {}

  default void leave(String name, Target target, Collection<String> rooms) {}

  default void disconnect(String name, Target target, boolean close) {}

  /** Calls the server-side handlers of other hosts. */
  default void serverSideEmit(String name, EventData event) {}

  /** The same, when their answers are wanted. */
  default Asked serverSideAsk(String name, EventData event) {
    return Asked.NOBODY;
  }

  /**
   * Who took a broadcast.
   *
   * @param hosts other hosts
   * @param sockets that it was sent to there
   */
  record Receipt(int hosts, int sockets) {
    static final Receipt NOBODY = new Receipt(0, 0);
  }

  /** The receipts of a broadcast. */
  interface Receipts {
    /** Nobody was there to take it. */
    Receipts NOBODY = _ -> Receipt.NOBODY;

    /** Blocks until all have told, or for a time. */
    Receipt await(Duration timeout) throws InterruptedException;
  }

  /** What was asked of others. */
  interface Asked {
    /** Nobody was there to be asked. */
    Asked NOBODY = _ -> new Answers(0, List.of());

    /** Blocks until all have answered, or for a time. */
    Answers await(Duration timeout) throws InterruptedException;
  }

  /**
   * What came of it.
   *
   * @param asked how many sockets, or hosts, were to answer
   * @param values in the order in which they came
   */
  record Answers(int asked, List<RawArguments> values) {}
}
