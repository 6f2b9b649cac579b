package io.dormouse.host.namespace;

import io.dormouse.host.engine.Message;
import io.dormouse.host.protocol.EncodedPacket;
import io.dormouse.host.protocol.Encoder;
import io.dormouse.host.protocol.EventData;
import io.dormouse.host.protocol.RawArguments;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The sockets of this host as others reach them. A name may be a pattern, which stands for all of
 * its children; one that nobody serves here reaches nobody. No method waits for a client or a
 * handler.
 */
public final class LocalSockets {
  private final Namespaces namespaces;

  LocalSockets(Namespaces namespaces) {
    this.namespaces = namespaces;
  }

  /** Takes the answers to an event. */
  public interface Replier {
    /** How many sockets are asked; called once, before any answer. */
    void asks(int sockets);

    /** An answer came; on any thread. */
    void answered(RawArguments arguments);
  }

  /** Whether nobody of this host is there. */
  public boolean isEmpty(String name) {
    for (LiveNamespace namespace : namespaces.named(name)) {
      if (!namespace.adapter().isEmpty()) {
        return false;
      }
    }
    return true;
  }

  /** Whether somebody of this host is in a room. */
  public boolean hasMember(String name, String room) {
    for (LiveNamespace namespace : namespaces.named(name)) {
      if (namespace.adapter().hasMember(room)) {
        return true;
      }
    }
    return false;
  }

  /** Whether what is emitted into a namespace is remembered, whoever it is for. */
  public boolean remembers(String name) {
    return namespaces.history(name) != null;
  }

  /** How many sockets are meant. */
  int count(String name, Target target) {
    int[] sockets = {0};
    forEach(name, target, _ -> sockets[0]++);
    return sockets[0];
  }

  /**
   * Delivers an event that no host of ours has emitted; in a namespace with recovery a moment
   * later.
   *
   * @return the number of sockets that it is for
   */
  public int deliverForeign(String name, Target target, Emission emission, EventData event) {
    History history = namespaces.history(name);
    return history == null
        ? fanOut(name, target, emission, event)
        : history.foreign(name, target, emission, event);
  }

  /**
   * Takes what others emitted before this host heard them, for clients that come back.
   *
   * @param events by time, and those of each origin in its order
   */
  public void recall(List<PastEvent> events) {
    namespaces.recovery().recall(events);
  }

  /** To be called every second or so. */
  public void tick() {
    namespaces.recovery().tick();
  }

  /** Delivers an event; the number of sockets that it went to. */
  public int deliver(String name, Target target, Emission emission, EventData event) {
    History history = namespaces.history(name);
    return history == null
        ? fanOut(name, target, emission, event)
        : history.pass(name, target, emission, event);
  }

  /**
   * Delivers an event that its host has numbered, and remembers it in a namespace with recovery.
   *
   * @param origin see {@link Backplane#origin}
   * @param adopted the digest of a foreign event that its host has adopted; null for its own
   */
  public int deliver(
      String origin,
      long number,
      @Nullable String adopted,
      String name,
      Target target,
      Emission emission,
      EventData event) {
    History history = namespaces.history(name);
    return history == null
        ? fanOut(name, target, emission, event)
        : history.receive(origin, number, adopted, name, target, emission, event);
  }

  int fanOut(String name, Target target, Emission emission, EventData event) {
    int sockets = 0;
    for (LiveNamespace namespace : namespaces.named(name)) {
      Message message = message(namespace.name(), -1, emission.compress(), event);
      sockets += namespace.adapter().broadcast(message, target, emission.isVolatile());
    }
    return sockets;
  }

  /**
   * An event as clients get it.
   *
   * @param ack what the ack will carry, -1 when none is wanted
   */
  static Message message(String namespace, long ack, boolean compress, EventData event) {
    EncodedPacket packet = Encoder.event(namespace, ack, event);
    return Message.of(packet.text(), packet.attachments(), compress);
  }

  /** Delivers an event and passes the acks on that come in time. */
  public void ask(
      String name,
      Target target,
      Emission emission,
      EventData event,
      Duration timeout,
      Replier replier) {
    record Part(LiveNamespace namespace, List<ServerSocket> sockets) {}
    List<Part> parts = new ArrayList<>();
    int sockets = 0;
    for (LiveNamespace namespace : namespaces.named(name)) {
      Part part = new Part(namespace, namespace.adapter().select(target));
      parts.add(part);
      sockets += part.sockets.size();
    }
    replier.asks(sockets);
    for (Part part : parts) {
      if (!part.sockets.isEmpty()) {
        ask(part.namespace, part.sockets, emission, event, timeout, replier::answered);
      }
    }
  }

  private static void ask(
      LiveNamespace namespace,
      List<ServerSocket> sockets,
      Emission emission,
      EventData event,
      Duration timeout,
      Consumer<RawArguments> answered) {
    PendingAcks.Pending pending = namespace.acks().open(sockets, answered);
    Message message = message(namespace.name(), pending.id(), emission.compress(), event);
    sockets.forEach(socket -> HostBroadcast.ask(socket, message, pending));
    Thread.ofVirtual()
        .name("acks for another host")
        .start(
            () -> {
              try (pending) {
                pending.await(timeout);
              } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
              }
            });
  }

  /** The chosen sockets. */
  public List<SocketSnapshot> fetch(String name, Target target) {
    List<SocketSnapshot> sockets = new ArrayList<>();
    forEach(name, target, socket -> sockets.add(socket.snapshot()));
    return sockets;
  }

  /** Puts the chosen sockets into rooms. */
  public void join(String name, Target target, Collection<String> rooms) {
    String[] names = rooms.toArray(String[]::new);
    forEach(name, target, socket -> socket.live().adapter().join(socket, names));
  }

  /** Takes the chosen sockets out of rooms. */
  public void leave(String name, Target target, Collection<String> rooms) {
    String[] names = rooms.toArray(String[]::new);
    forEach(name, target, socket -> socket.live().adapter().leave(socket, names));
  }

  /** Disconnects the chosen sockets. */
  public void disconnect(String name, Target target, boolean close) {
    forEach(name, target, close ? ServerSocket::disconnectAll : ServerSocket::disconnect);
  }

  /** All rooms, those of single sockets among them. */
  public Set<String> rooms(String name) {
    Set<String> rooms = new TreeSet<>();
    forEach(name, Target.EVERYONE, s -> rooms.addAll(s.live().adapter().rooms(s)));
    return rooms;
  }

  private void forEach(String name, Target target, Consumer<ServerSocket> action) {
    for (LiveNamespace namespace : namespaces.named(name)) {
      namespace.adapter().select(target).forEach(action);
    }
  }

  /**
   * Calls the server-side handler of an event, on a thread of its own.
   *
   * @param answered gets the value as a list of one; not called when there is no such handler, or
   *     it throws
   */
  public void serverSide(String name, EventData event, Consumer<EventData> answered) {
    namespaces.serverSide(name, event, answered);
  }
}
