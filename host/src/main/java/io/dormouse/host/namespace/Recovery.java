package io.dormouse.host.namespace;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dormouse.api.DisconnectReason;
import io.dormouse.host.protocol.ValueCodec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Clients that come back after a short break, in the namespaces whose plugins ask for it: they get
 * their id, rooms, data and what they missed (Socket.IO protocol, "Connection state recovery").
 */
final class Recovery {
  private static final Set<DisconnectReason> FOR_GOOD =
      Set.of(
          DisconnectReason.CLIENT_NAMESPACE_DISCONNECT,
          DisconnectReason.SERVER_NAMESPACE_DISCONNECT);

  /** What a client says that wants to be the one that it was. */
  private record Claim(String pid, @Nullable String offset) {}

  private final RecoverySettings settings;
  private final Namespaces namespaces;
  private final Map<String, History> histories = new ConcurrentHashMap<>();
  private final Map<String, ServerSocket> joined = new ConcurrentHashMap<>();
  private SavedSockets saved;
  private String origin = Backplane.NONE.origin();
  private boolean isShared;

  Recovery(RecoverySettings settings, Namespaces namespaces) {
    this.settings = settings;
    this.namespaces = namespaces;
    this.saved = new LeftSockets(settings.maxDisconnection());
  }

  /** Before anything is opened. */
  void join(Backplane others) {
    SavedSockets common = others.savedSockets();
    if (common != null) {
      saved = common;
      origin = others.origin();
      isShared = true;
    }
  }

  /** A namespace or pattern is served from now on, with recovery or without. */
  void serve(String key, boolean recoverable) {
    if (recoverable && settings.enabled()) {
      histories.computeIfAbsent(
          key,
          _ ->
              new History(
                  key, settings, namespaces.local(), origin, namespaces::backplane, isShared));
    } else {
      close(key);
    }
  }

  /** To be called when what is served is open. */
  void askForThePast() {
    if (histories.values().stream().anyMatch(History::lacksThePast)) {
      namespaces.backplane().recall();
    }
  }

  /** See {@link LocalSockets#recall}. */
  void recall(List<PastEvent> events) {
    Map<History, List<PastEvent>> past = new HashMap<>();
    histories.values().forEach(history -> past.put(history, new ArrayList<>()));
    for (PastEvent event : events) {
      History history = namespaces.history(event.name());
      if (history != null) {
        past.computeIfAbsent(history, _ -> new ArrayList<>()).add(event);
      }
    }
    past.forEach(History::recall);
  }

  void close(String key) {
    histories.remove(key);
  }

  void tick() {
    histories.values().forEach(History::tick);
  }

  boolean isUnused() {
    return histories.isEmpty();
  }

  @Nullable History history(String key) {
    return histories.get(key);
  }

  /**
   * Makes a socket the one that its client had, if it says so and may. May block for some seconds.
   */
  boolean restore(ServerSocket socket, History history) throws InterruptedException {
    Claim claim = claim(socket);
    if (claim == null) {
      return false;
    }
    ServerSocket present = joined.get(claim.pid());
    if (present != null) {
      present.leave(DisconnectReason.TRANSPORT_CLOSE); // nobody has seen yet that it is gone
    }
    SavedSocket before = saved.take(claim.pid());
    if (before == null || !before.namespace().equals(socket.name())) {
      namespaces.meters().recovery("unknown");
      return false;
    }
    String offset = claim.offset();
    Offset seen = Offset.parse(offset == null ? before.offset() : offset);
    if (seen == null || !history.restore(socket, claim.pid(), before, seen)) {
      saved.forget(claim.pid());
      namespaces.meters().recovery("missed");
      return false;
    }
    if (before.live()) {
      // Its host is dead, or has not seen yet that it is gone.
      namespaces.backplane().disconnect(socket.name(), Target.EVERYONE.to(before.id()), true);
    }
    namespaces.meters().recovery("recovered");
    return true;
  }

  private static @Nullable Claim claim(ServerSocket socket) {
    String auth = socket.handshake().auth().json();
    if (!auth.contains("\"pid\"")) {
      return null;
    }
    Map<String, byte[]> fields = ValueCodec.fields(auth.getBytes(UTF_8));
    String pid = text(fields.get("pid"));
    String offset = text(fields.get("offset"));
    if (pid == null || pid.length() > 64) {
      return null;
    }
    return new Claim(pid, offset);
  }

  private static @Nullable String text(byte @Nullable [] json) {
    try {
      return json == null ? null : ValueCodec.HOST.read(json, String.class);
    } catch (RuntimeException other) {
      return null;
    }
  }

  /** A socket was let in. */
  void joined(ServerSocket socket, String pid) {
    joined.put(pid, socket);
    saved.joined(pid, () -> socket.saved(true));
  }

  /** Its rooms or its data are others now. */
  void changed(String pid) {
    saved.changed(pid);
  }

  /** A socket has left, or is about to; its rooms are still there. */
  void left(ServerSocket socket, String pid, DisconnectReason reason) {
    if (joined.remove(pid, socket)) {
      if (FOR_GOOD.contains(reason)) {
        saved.forget(pid);
      } else {
        saved.left(pid, socket.saved(false));
      }
    }
  }
}
