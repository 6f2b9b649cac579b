package io.dormouse.host.namespace;

import io.dormouse.host.engine.Message;
import io.dormouse.host.protocol.EventData;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongFunction;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The last events of a namespace with recovery, or of all children of a pattern: of this host and
 * of the others, each host's own in its order.
 *
 * <p>Delivering and remembering are one step under one lock: the {@link Offset} that goes out with
 * an event is true for every socket of this host, and a client that comes back gets what is
 * remembered, then what comes next, with nothing between. Nobody waits for a client or for Redis
 * under it. Volatile and local events are not numbered, nor are those with an ack.
 */
final class History {
  /** How long a client waits for what it has seen elsewhere and this host has not. */
  private static final Duration CATCH_UP = Duration.ofSeconds(2);

  /** How long it waits until this host, which has just started, has read what was before it. */
  private static final Duration READ_UP = Duration.ofSeconds(10);

  /** Kept longer than any break may be, so that only what was pressed out is ever missed. */
  private static final long SLACK_NANOS = TimeUnit.SECONDS.toNanos(30);

  private static final int ENTRY_BYTES = 200;

  private record Remembered(
      String origin,
      long number,
      String name,
      Target target,
      boolean compress,
      EventData event,
      long nanos) {
    int bytes() {
      int bytes = ENTRY_BYTES + event.json().length;
      for (byte[] attachment : event.attachments()) {
        bytes += attachment.length;
      }
      return bytes;
    }

    boolean isFor(String namespace, Set<String> rooms) {
      return name.equals(namespace)
          && (target.rooms().isEmpty() || target.rooms().stream().anyMatch(rooms::contains))
          && target.except().stream().noneMatch(rooms::contains);
    }
  }

  private final RecoverySettings settings;
  private final LocalSockets local;
  private final String origin;
  private final String key;
  private final Supplier<Backplane> others;
  private final long startedMillis = System.currentTimeMillis();
  private final long keptNanos;
  private final Deque<Remembered> events = new ArrayDeque<>();

  /** The last number of each host that was delivered here. */
  private final Map<String, Long> heads = new TreeMap<>();

  /** Of each host, the last number that was never here, or was pressed out. */
  private final Map<String, Long> missing = new HashMap<>();

  private final Map<String, Long> heardNanos = new HashMap<>();

  /** What sockets have seen, by their id, when that was more than this host. */
  private final Map<String, Offset> ahead = new HashMap<>();

  private final Adoptions adoptions;
  private volatile boolean lacksThePast;
  private long bytes;
  private long lastAdopted;

  /**
   * @param key the name or pattern
   * @param origin of what this host emits
   * @param lacksThePast until {@link #recall}
   */
  History(
      String key,
      RecoverySettings settings,
      LocalSockets local,
      String origin,
      Supplier<Backplane> others,
      boolean lacksThePast) {
    this.lacksThePast = lacksThePast;
    this.key = key;
    this.settings = settings;
    this.local = local;
    this.origin = origin;
    this.others = others;
    this.keptNanos = settings.maxDisconnection().toNanos() + SLACK_NANOS;
    adoptions = new Adoptions(this::adopt, this::pass);
  }

  /**
   * Delivers an event of this host to its sockets, and publishes it to others.
   *
   * @param publish gets the number; returns at once
   * @return what publish returned, and how many sockets there were
   */
  synchronized <T> Emitted<T> emit(
      String name, Target target, Emission emission, EventData event, LongFunction<T> publish) {
    if (emission.isVolatile()) {
      return new Emitted<>(pass(name, target, emission, event), publish.apply(0));
    }
    long number = nextNumber();
    int sockets = deliver(origin, number, name, target, emission, event);
    return new Emitted<>(sockets, publish.apply(number));
  }

  private long nextNumber() {
    return heads.getOrDefault(origin, 0L) + 1;
  }

  /** What became of an event: how many sockets of this host it went to, and of the rest. */
  record Emitted<T>(int sockets, T published) {}

  /** The same for one socket, which need not have joined yet. */
  synchronized void emit(
      ServerSocket socket, Emission emission, EventData event, LongFunction<?> publish) {
    EventData marked;
    if (emission.isVolatile()) {
      marked = unnumbered(event);
    } else {
      long number = nextNumber();
      remember(origin, number, socket.name(), Target.EVERYONE.to(socket.id()), emission, event);
      marked = event.with(offset());
      Object _ = publish.apply(number);
    }
    socket.deliver(
        LocalSockets.message(socket.name(), -1, emission.compress(), marked),
        emission.isVolatile());
  }

  /** Delivers an event that is not remembered. */
  synchronized int pass(String name, Target target, Emission emission, EventData event) {
    return local.fanOut(name, target, emission, unnumbered(event));
  }

  /**
   * Takes an event that no host of ours has emitted. One host adopts it, so that it has a number;
   * the others deliver it when they hear of that.
   *
   * @return how many sockets it is for
   */
  synchronized int foreign(String name, Target target, Emission emission, EventData event) {
    if (emission.isVolatile()) {
      return pass(name, target, emission, event);
    }
    Foreign foreign = Foreign.of(name, target, emission, event);
    adoptions.came(foreign, others.get().adopts(key));
    return local.count(name, target);
  }

  private void adopt(Foreign foreign) {
    lastAdopted++;
    others.get().adopted(foreign, lastAdopted);
  }

  private void pass(Foreign foreign) {
    int _ = pass(foreign.name(), foreign.target(), foreign.emission(), foreign.event());
  }

  /** To be called now and then. */
  synchronized void tick() {
    adoptions.tick(adoptions.isWaiting() && others.get().adopts(key));
    ahead.values().removeIf(seen -> !isBehind(seen, others.get()::isAlive));
  }

  /**
   * Delivers an event of another host, or one that was adopted, unless it was here before.
   *
   * @param digest of one that was adopted
   */
  synchronized int receive(
      String from,
      long number,
      @Nullable String digest,
      String name,
      Target target,
      Emission emission,
      EventData event) {
    Long head = heads.get(from);
    if (head == null ? number > 1 : number > head + 1) {
      missing.put(from, number - 1);
    } else if (head != null && number <= head) {
      return 0;
    }
    int sockets = 0;
    if (digest != null && !adoptions.heard(digest, from)) {
      heads.put(from, number);
    } else {
      sockets = deliver(from, number, name, target, emission, event);
    }
    notifyAll();
    return sockets;
  }

  /**
   * Remembers what others emitted before this host heard them, as far as nothing is missing between
   * that and what it has heard.
   *
   * @param past by time, and the events of each origin in its order
   */
  synchronized void recall(List<PastEvent> past) {
    long now = System.nanoTime();
    long nowMillis = System.currentTimeMillis();
    for (PastEvent event : past.reversed()) {
      String from = event.origin();
      if (heads.putIfAbsent(from, event.number()) == null) {
        missing.put(from, event.number());
        heardNanos.put(from, now);
      }
      long age = TimeUnit.MILLISECONDS.toNanos(Math.max(0, nowMillis - event.emittedMillis()));
      Remembered one =
          new Remembered(
              from,
              event.number(),
              event.name(),
              event.target(),
              event.emission().compress(),
              event.event(),
              now - age);
      if (event.number() == missing.getOrDefault(from, 0L)) {
        if (age > keptNanos) {
          missing.remove(from); // nobody comes back who has not seen it
        } else if (isRoomFor(one)) {
          missing.put(from, event.number() - 1);
          events.addFirst(one);
          bytes += one.bytes();
        }
      }
    }
    lacksThePast = false;
    notifyAll();
  }

  /** Until {@link #recall}, where others have a past. Takes no lock. */
  boolean lacksThePast() {
    return lacksThePast;
  }

  private boolean isRoomFor(Remembered one) {
    return events.size() < settings.maxMessages() && bytes + one.bytes() <= settings.maxBytes();
  }

  private int deliver(
      String from, long number, String name, Target target, Emission emission, EventData event) {
    remember(from, number, name, target, emission, event);
    return local.fanOut(name, unseen(from, number, target), emission, event.with(offset()));
  }

  private void remember(
      String from, long number, String name, Target target, Emission emission, EventData event) {
    long now = System.nanoTime();
    heads.put(from, number);
    heardNanos.put(from, now);
    Remembered newest = new Remembered(from, number, name, target, emission.compress(), event, now);
    events.addLast(newest);
    bytes += newest.bytes();
    while (!events.isEmpty() && isTooMuch(now)) {
      Remembered oldest = events.removeFirst();
      bytes -= oldest.bytes();
      if (now - oldest.nanos() < keptNanos) {
        missing.merge(oldest.origin(), oldest.number(), Math::max);
      }
    }
    if (heads.size() > 1 && number % 256 == 0) {
      forgetTheDead(now);
    }
  }

  private boolean isTooMuch(long now) {
    return events.size() > settings.maxMessages()
        || bytes > settings.maxBytes()
        || now - events.getFirst().nanos() > keptNanos;
  }

  /** Offsets would grow with each host that ever was. */
  private void forgetTheDead(long now) {
    heardNanos
        .entrySet()
        .removeIf(
            heard -> {
              String from = heard.getKey();
              boolean isGone =
                  now - heard.getValue() > 2 * keptNanos
                      && !from.equals(origin)
                      && !others.get().isAlive(from);
              if (isGone) {
                heads.remove(from);
                missing.remove(from);
              }
              return isGone;
            });
  }

  private String offset() {
    return Offset.text(heads);
  }

  /** Clients take a text that comes last for an offset, so that there has to be one behind it. */
  private EventData unnumbered(EventData event) {
    return event.endsWithText() ? event.with(offset()) : event;
  }

  /** Lets a socket hear what is emitted from now on; the offset of what was before. */
  synchronized String enter(ServerSocket socket) {
    socket.live().adapter().add(socket);
    return offset();
  }

  /**
   * Lets a socket hear what its client has missed, and what is emitted from now on, with the id,
   * the rooms and the data that it had. Waits a little when the client has seen more than this
   * host.
   *
   * @param pid of the client
   * @param seen by the client
   * @return false when some of it is not here any more; then nothing was done
   */
  synchronized boolean restore(ServerSocket socket, String pid, SavedSocket saved, Offset seen)
      throws InterruptedException {
    awaitHeads(seen);
    if (lacksThePast) {
      return false;
    }
    for (Map.Entry<String, Long> lost : missing.entrySet()) {
      if (lost.getValue() > seen.of(lost.getKey())) {
        return false;
      }
    }
    for (String from : seen.numbers().keySet()) {
      // A host that was never heard here has said nothing since this one is there.
      if (!heads.containsKey(from) && saved.savedMillis() < startedMillis) {
        return false;
      }
    }
    List<Message> missed = missed(saved, seen);
    long size = missed.stream().mapToLong(Message::size).sum();
    if (size > socket.session().sendLimit() / 2) {
      return false;
    }
    if (isBehind(seen, _ -> true)) {
      ahead.put(saved.id(), seen);
    }
    socket.restored(pid, saved, missed, Offset.text(seen.numbers()));
    socket.live().adapter().add(socket);
    socket.live().adapter().join(socket, saved.rooms().toArray(String[]::new));
    return true;
  }

  private void awaitHeads(Offset seen) throws InterruptedException {
    await(READ_UP, () -> !lacksThePast);
    await(CATCH_UP, () -> !isBehind(seen, _ -> true));
  }

  private void await(Duration limit, BooleanSupplier isSo) throws InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    long left = limit.toNanos();
    while (left > 0 && !isSo.getAsBoolean()) {
      TimeUnit.NANOSECONDS.timedWait(this, left);
      left = deadline - System.nanoTime();
    }
  }

  private boolean isBehind(Offset seen, Predicate<String> counts) {
    for (Map.Entry<String, Long> head : heads.entrySet()) {
      if (head.getValue() < seen.of(head.getKey()) && counts.test(head.getKey())) {
        return true;
      }
    }
    return false;
  }

  /** Leaves out those who have seen an event before this host has. */
  private Target unseen(String from, long number, Target target) {
    Target left = target;
    for (Map.Entry<String, Offset> socket : ahead.entrySet()) {
      if (number <= socket.getValue().of(from)) {
        left = left.except(socket.getKey());
      }
    }
    return left;
  }

  private List<Message> missed(SavedSocket saved, Offset seen) {
    Set<String> rooms = new HashSet<>(saved.rooms());
    rooms.add(saved.id());
    Map<String, Long> got = new TreeMap<>(heads);
    got.replaceAll((from, _) -> seen.of(from));
    List<Message> missed = new ArrayList<>();
    for (Remembered event : events) {
      if (event.number() <= seen.of(event.origin())) {
        continue;
      }
      got.put(event.origin(), event.number());
      if (event.isFor(saved.namespace(), rooms)) {
        missed.add(
            LocalSockets.message(
                event.name(), -1, event.compress(), event.event().with(Offset.text(got))));
      }
    }
    return missed;
  }
}
