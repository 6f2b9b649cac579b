package io.dormouse.host.backplane;

import io.dormouse.host.namespace.Emission;
import io.dormouse.host.namespace.LocalSockets;
import io.dormouse.host.namespace.Target;
import io.dormouse.host.protocol.EventData;
import io.dormouse.host.protocol.RawArguments;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does for this host's sockets what servers and emitters of python-socketio ask for, and tells
 * those servers what this host says to all. Every host listens for itself; one of them passes on to
 * Node's servers what Python has emitted.
 */
final class PythonDialect implements Dialect {
  private static final Logger LOG = LoggerFactory.getLogger(PythonDialect.class);

  /** What hosts of ours publish here, they tell each other elsewhere. */
  private static final String OURS = "dormouse-";

  /** Python's callbacks wait for as long as the client is there; here somebody has to end it. */
  private static final Duration LONGEST_ACK = Duration.ofMinutes(1);

  private static final Emission EMISSION = new Emission(false, true, null);

  private final LocalSockets sockets;
  private final BackplaneMeters meters;
  private final PythonWire wire;
  private final PythonWriter writer;
  private final PythonChannels channels;
  private final ToNode toNode;

  /** Tells Node's servers what Python has emitted. */
  interface ToNode {
    void broadcast(String namespace, Target target, EventData event);
  }

  /**
   * @param hostId of this host
   * @param toNode gets what Python emits
   */
  PythonDialect(
      BackplaneSettings settings,
      RedisClients redis,
      LocalSockets sockets,
      String hostId,
      BackplaneMeters meters,
      ToNode toNode) {
    this.sockets = sockets;
    this.meters = meters;
    this.toNode = toNode;
    wire = new PythonWire(settings.maxMessage());
    writer = new PythonWriter(OURS + hostId, settings.pythonPickles());
    channels = new PythonChannels(settings, redis, this::received, meters);
  }

  /** Returns at once, whether or not Redis is there. */
  void start() {
    channels.start();
  }

  /** Publishes for a moment what still waits. */
  void stop() {
    channels.stop();
  }

  @Override
  public void broadcast(String namespace, Target target, EventData event) {
    channels.publishOnAll(writer.emit(namespace, target, event));
  }

  @Override
  public void join(String namespace, Target target, Collection<String> rooms) {
    for (String sid : named(target)) {
      for (String room : rooms) {
        tell("enter_room", namespace, sid, room);
      }
    }
  }

  @Override
  public void leave(String namespace, Target target, Collection<String> rooms) {
    for (String name : named(target)) {
      for (String room : rooms) {
        if (!room.equals(name)) {
          tell("leave_room", namespace, name, room);
        } else if (target.except().isEmpty()) {
          tell("close_room", namespace, null, room);
        }
      }
    }
  }

  @Override
  public void disconnect(String namespace, Target target) {
    named(target).forEach(sid -> tell("disconnect", namespace, sid, null));
  }

  /**
   * Python takes such words for one socket alone, by its id; ids that it does not know, such as
   * names of rooms, it ignores.
   */
  private static Set<String> named(Target target) {
    Set<String> names = new LinkedHashSet<>(target.rooms());
    names.removeAll(target.except());
    return names;
  }

  private void tell(String method, String namespace, @Nullable String sid, @Nullable String room) {
    channels.publishOnAll(writer.request(method, namespace, sid, room));
  }

  private void received(String channel, byte[] payload) {
    try {
      PythonMessage message = wire.read(payload);
      String hostId = message.hostId();
      if (hostId == null || !hostId.startsWith(OURS)) {
        act(message, channel);
      }
    } catch (MessageRefused refused) {
      meters.refused(refused.reason());
      LOG.debug("A message for Python's servers is refused: {}", refused.getMessage());
    }
  }

  private void act(PythonMessage message, String channel) {
    String namespace = message.namespace();
    switch (message) {
      case PythonMessage.Emit emit -> emit(emit, channel);
      case PythonMessage.EnterRoom enter ->
          sockets.join(namespace, only(enter.sid()), List.of(enter.room()));
      case PythonMessage.LeaveRoom leave ->
          sockets.leave(namespace, only(leave.sid()), List.of(leave.room()));
      case PythonMessage.CloseRoom close ->
          sockets.leave(namespace, only(close.room()), List.of(close.room()));
      case PythonMessage.Disconnect disconnect ->
          sockets.disconnect(namespace, only(disconnect.sid()), false);
      case PythonMessage.Callback callback ->
          LOG.trace("Nobody here asked for callback {}", callback.id());
    }
  }

  private void emit(PythonMessage.Emit emit, String channel) {
    Set<String> rooms = emit.rooms() == null ? Set.of() : emit.rooms();
    Target target = new Target(rooms, emit.skipped());
    PythonMessage.Callback callback = emit.callback();
    if (callback == null || callback.hostId() == null) {
      int _ = sockets.deliverForeign(emit.namespace(), target, EMISSION, emit.event());
      toNode.broadcast(emit.namespace(), target, emit.event());
    } else {
      sockets.ask(
          emit.namespace(),
          target,
          EMISSION,
          emit.event(),
          LONGEST_ACK,
          new FirstAck(callback, channel));
    }
  }

  /** A socket's id is a room, too. */
  private static Target only(String room) {
    return new Target(Set.of(room), Set.of());
  }

  /** Python calls back once, whoever answers first. */
  private final class FirstAck implements LocalSockets.Replier {
    private final PythonMessage.Callback callback;
    private final String channel;
    private final AtomicBoolean answered = new AtomicBoolean();

    FirstAck(PythonMessage.Callback callback, String channel) {
      this.callback = callback;
      this.channel = channel;
    }

    @Override
    public void asks(int sockets) {
      // Python does not want to know.
    }

    @Override
    public void answered(RawArguments arguments) {
      if (answered.compareAndSet(false, true)) {
        channels.publish(channel, writer.answer(callback, arguments.data()));
      }
    }
  }
}
