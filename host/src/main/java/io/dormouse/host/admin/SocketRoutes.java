package io.dormouse.host.admin;

import io.dormouse.host.namespace.Backplane;
import io.dormouse.host.namespace.NamespaceStatus;
import io.dormouse.host.namespace.Namespaces;
import io.dormouse.host.namespace.SocketStatus;
import io.dormouse.host.namespace.Target;
import io.helidon.http.Method;
import io.helidon.http.Status;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Who is connected where, and what is sent to them. */
@Singleton
final class SocketRoutes implements Routes {
  private static final int USUAL_PAGE = 100;
  private static final int MOST_OF_PAGE = 1000;

  /** An event's arguments may be as large as a client's message. */
  private static final long EMIT_BYTES = 1_000_000;

  /** How long other hosts may take to tell whom they reached. */
  private static final Duration RECEIPT_TIMEOUT = Duration.ofSeconds(2);

  /** As they are written. */
  record NamespacesAnswer(List<NamespaceStatus> namespaces) {}

  /**
   * As it is written.
   *
   * @param next what to ask for after this page; null when it is the last
   */
  record SocketsAnswer(List<SocketStatus> sockets, @Nullable String next) {}

  /** As it is read. */
  record Emission(
      @Nullable String namespace,
      @Nullable String event,
      @Nullable List<@Nullable Object> args,
      @Nullable List<@Nullable String> rooms,
      @Nullable List<@Nullable String> except) {}

  /**
   * As it is written.
   *
   * @param hosts that took it, this one among them
   * @param sockets that it was sent to there
   */
  record EmissionAnswer(int hosts, int sockets) {}

  private final Namespaces namespaces;

  SocketRoutes(Namespaces namespaces) {
    this.namespaces = namespaces;
  }

  @Override
  public List<Route> routes() {
    return List.of(
        Route.get("/namespaces", Scope.READ, this::namespaces),
        Route.get("/sockets", Scope.READ, this::sockets)
            .withParameters("namespace", "room", "address", "limit", "after"),
        Route.of(Method.DELETE, "/sockets/{id}", Scope.DRAIN, this::disconnect),
        Route.of(Method.POST, "/emit", Scope.EMIT, this::emit).withBody(EMIT_BYTES));
  }

  private void namespaces(Call call) {
    call.answer(Status.OK_200, new NamespacesAnswer(namespaces.statuses()));
  }

  private void sockets(Call call) {
    String room = call.text("room");
    String address = call.text("address");
    String after = call.text("after");
    int limit = call.number("limit", USUAL_PAGE, 1, MOST_OF_PAGE);
    Stream<SocketStatus> found = namespaces.sockets(call.text("namespace")).stream();
    if (room != null) {
      found = found.filter(socket -> socket.rooms().contains(room) || socket.id().equals(room));
    }
    if (address != null) {
      found = found.filter(socket -> socket.address().equals(address));
    }
    if (after != null) {
      found = found.filter(socket -> socket.id().compareTo(after) > 0);
    }
    List<SocketStatus> page = found.limit(limit + 1L).toList();
    boolean last = page.size() <= limit;
    if (!last) {
      page = page.subList(0, limit);
    }
    call.answer(Status.OK_200, new SocketsAnswer(page, last ? null : page.getLast().id()));
  }

  private void disconnect(Call call) {
    String id = call.part("id");
    if (!namespaces.disconnect(id)) {
      throw new Problem(AdminErrorCode.ADMIN_UNKNOWN_SOCKET, "There is no socket '" + id + "'");
    }
    call.answer();
  }

  private void emit(Call call) {
    Emission emission = call.body(Emission.class);
    String namespace = emission.namespace();
    String event = emission.event();
    if (namespace == null || !namespace.startsWith("/") || event == null || event.isEmpty()) {
      throw bad("The body must have a namespace, which begins with a slash, and an event");
    }
    Target target =
        Target.EVERYONE
            .to(texts("rooms", emission.rooms()))
            .except(texts("except", emission.except()));
    List<@Nullable Object> arguments = emission.args();
    try {
      Backplane.Receipt receipt =
          namespaces.emit(
              namespace,
              target,
              RECEIPT_TIMEOUT,
              event,
              arguments == null ? new Object[0] : arguments.toArray());
      call.answer(Status.OK_200, new EmissionAnswer(receipt.hosts(), receipt.sockets()));
    } catch (IllegalArgumentException refused) {
      throw bad(String.valueOf(refused.getMessage()));
    }
  }

  private static String[] texts(String key, @Nullable List<@Nullable String> texts) {
    if (texts == null) {
      return new String[0];
    }
    if (texts.contains(null)) {
      throw bad("The body's value at '" + key + ".[]' is null; it must be text");
    }
    return texts.toArray(String[]::new);
  }

  private static Problem bad(String detail) {
    return new Problem(AdminErrorCode.ADMIN_BAD_BODY, detail);
  }
}
