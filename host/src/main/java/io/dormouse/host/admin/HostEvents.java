package io.dormouse.host.admin;

import io.dormouse.api.Transport;
import io.dormouse.host.namespace.Namespaces;
import io.dormouse.host.namespace.SocketListener;
import io.dormouse.host.namespace.SocketStatus;
import io.dormouse.host.plugin.PluginEvent;
import io.dormouse.host.plugin.PluginRuntime;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** What happens to plugins and sockets, for those who want to hear it. */
@Singleton
final class HostEvents implements Routes, SocketListener {
  /** What happens to sockets. */
  enum SocketChange {
    CONNECTED,
    DISCONNECTED,
    UPGRADED
  }

  /** As it is written. */
  record SocketEvent(
      Instant at,
      SocketChange type,
      String id,
      String namespace,
      String address,
      Transport transport,
      Set<String> rooms) {}

  /** A plugin's or a socket's event, and what it is called. */
  private record Happening(String type, Object event) {}

  static final Set<String> TYPES =
      new TreeSet<>(
          Stream.concat(
                  Arrays.stream(PluginEvent.Type.values()), Arrays.stream(SocketChange.values()))
              .map(Object::toString)
              .toList());

  private final EventStreams<Happening> streams;

  @Inject
  HostEvents(PluginRuntime plugins, Namespaces namespaces) {
    this(plugins, namespaces, EventStreams.Limits.USUAL);
  }

  HostEvents(PluginRuntime plugins, Namespaces namespaces, EventStreams.Limits limits) {
    streams = new EventStreams<>(limits, Happening::type, Happening::event);
    plugins.addListener(event -> streams.remember(new Happening(event.type().name(), event)));
    namespaces.addListener(this);
  }

  @Override
  public void connected(SocketStatus socket) {
    tell(SocketChange.CONNECTED, socket);
  }

  @Override
  public void disconnected(SocketStatus socket) {
    tell(SocketChange.DISCONNECTED, socket);
  }

  @Override
  public void upgraded(SocketStatus socket) {
    tell(SocketChange.UPGRADED, socket);
  }

  /** Sockets come and go too often to be remembered. */
  private void tell(SocketChange change, SocketStatus socket) {
    if (!streams.isEmpty()) {
      SocketEvent event =
          new SocketEvent(
              Instant.now(),
              change,
              socket.id(),
              socket.namespace(),
              socket.address(),
              socket.transport(),
              socket.rooms());
      streams.publish(new Happening(change.name(), event));
    }
  }

  @Override
  public List<Route> routes() {
    return List.of(
        Route.get("/events", Scope.READ, this::answer).withParameters("type", EventStreams.FOLLOW));
  }

  private void answer(Call call) {
    Set<String> types = new HashSet<>();
    for (String type : call.texts("type")) {
      String wanted = type.strip().toUpperCase(Locale.ROOT);
      if (!TYPES.contains(wanted)) {
        throw new Problem(
            AdminErrorCode.ADMIN_BAD_PARAMETER,
            "Query parameter 'type' has the unknown value '%s'; there are %s"
                .formatted(type, String.join(", ", TYPES)));
      }
      types.add(wanted);
    }
    streams.answer(call, event -> types.isEmpty() || types.contains(event.type()));
  }

  @Override
  public void stop() {
    streams.stop();
  }
}
