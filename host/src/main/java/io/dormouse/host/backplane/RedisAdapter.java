package io.dormouse.host.backplane;

import io.dormouse.host.namespace.Backplane;
import io.dormouse.host.namespace.Emission;
import io.dormouse.host.namespace.Foreign;
import io.dormouse.host.namespace.SavedSockets;
import io.dormouse.host.namespace.SocketSnapshot;
import io.dormouse.host.namespace.Target;
import io.dormouse.host.protocol.EventData;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Broadcasts and requests to other hosts in the format of Node's redis-adapter.
 *
 * <p>While Redis is away, broadcasts, joins, leaves and disconnects wait in the {@link Link}, and
 * questions find nobody.
 */
final class RedisAdapter implements Backplane {
  private final Link link;
  private final Channels channels;
  private final Hosts hosts;
  private final Questions questions;
  private final Duration requestTimeout;
  private final List<Dialect> dialects;
  private final SavedSockets saved;
  private final Predicate<@Nullable String> elder;
  private final Set<String> served;

  /**
   * @param dialects in which broadcasts, joins, leaves and disconnects are written too
   * @param elder whether this host is the oldest of those that serve a name or pattern; null for
   *     any
   * @param served names and patterns that clients of this host can join; kept here
   */
  RedisAdapter(
      Link link,
      Channels channels,
      Hosts hosts,
      Questions questions,
      Duration requestTimeout,
      List<Dialect> dialects,
      SavedSockets saved,
      Predicate<@Nullable String> elder,
      Set<String> served) {
    this.link = link;
    this.channels = channels;
    this.hosts = hosts;
    this.questions = questions;
    this.requestTimeout = requestTimeout;
    this.dialects = List.copyOf(dialects);
    this.saved = saved;
    this.elder = elder;
    this.served = served;
  }

  @Override
  public void opened(String nameOrPattern) {
    if (served.add(nameOrPattern)) {
      link.count(channels.request(nameOrPattern));
    }
  }

  @Override
  public void closed(String nameOrPattern) {
    if (served.remove(nameOrPattern)) {
      link.uncount(channels.request(nameOrPattern));
    }
  }

  @Override
  public String origin() {
    return origin(link.hostId());
  }

  /** What a host has adopted is numbered by itself. */
  static final String ADOPTED = "a";

  /** Its beginning is enough, since it stands in each event of a namespace with recovery. */
  static String origin(String hostId) {
    return hostId.substring(0, Math.min(8, hostId.length()));
  }

  @Override
  public boolean isAlive(String origin) {
    return hosts.all().stream()
        .anyMatch(host -> host.alive() && origin.startsWith(origin(host.id())));
  }

  @Override
  public boolean adopts(String nameOrPattern) {
    return elder.test(nameOrPattern);
  }

  @Override
  public void adopted(Foreign foreign, long number) {
    Options options = Options.of(foreign.target(), foreign.emission());
    publish(
        channels.adopted(foreign.name()),
        NodeWriter.broadcast(
            foreign.name(),
            foreign.event(),
            options,
            new Marks(null, number, foreign.digest(), false)),
        false);
  }

  @Override
  public void recall() {
    link.recall();
  }

  @Override
  public SavedSockets savedSockets() {
    return saved;
  }

  @Override
  public boolean knows(String namespace) {
    return hosts.knows(namespace);
  }

  private void publish(String channel, Body body, boolean isVolatile) {
    boolean _ = link.publish(Outgoing.of(channel, body, isVolatile));
  }

  private void request(String name, Body body) {
    boolean _ = link.publish(Outgoing.of(channels.request(name), body));
  }

  /** Asks all other servers of a namespace, ours and Node's. */
  private Question ask(String name, Function<String, Body> body) {
    Question question = questions.open(name);
    request(name, body.apply(question.id()));
    question.expect(othersOf(name));
    return question;
  }

  @Override
  public void broadcast(
      String name, Target target, Emission emission, EventData event, long number) {
    Options options = Options.of(target, emission);
    publish(
        channels.broadcast(name, options),
        NodeWriter.broadcast(name, event, options, Marks.of(null, number)),
        emission.isVolatile());
    dialects.forEach(dialect -> dialect.broadcast(name, target, event));
  }

  @Override
  public Receipts broadcastAndAsk(
      String name, Target target, Emission emission, EventData event, long number) {
    Options options = Options.of(target, emission);
    dialects.forEach(dialect -> dialect.broadcast(name, target, event));
    Question question = questions.open(name);
    // On the plain channel, since nobody may leave it unread.
    publish(
        channels.broadcast(name),
        NodeWriter.broadcast(name, event, options, Marks.of(question.id(), number)),
        emission.isVolatile());
    question.expect(hosts.serving(name));
    return timeout -> {
      try (question) {
        question.await(timeout);
        return new Receipt(question.answers(), question.sockets());
      }
    };
  }

  @Override
  public Asked ask(
      String name, Target target, Emission emission, EventData event, Duration timeout) {
    if (!link.isJoined()) {
      return Asked.NOBODY;
    }
    Options options = Options.of(target, emission.timeout(timeout));
    Question question = ask(name, id -> NodeWriter.ackRequest(name, id, event, options));
    return limit -> {
      try (question) {
        question.await(limit);
        return new Answers(question.sockets(), question.values());
      }
    };
  }

  /** How many servers, ours and Node's, will answer a request; this one not counted. */
  private int othersOf(String name) {
    try {
      int all = link.subscribers(channels.request(name));
      return Math.max(0, served.contains(name) ? all - 1 : all);
    } catch (IllegalStateException away) {
      return 0;
    }
  }

  @Override
  public List<SocketSnapshot> fetch(String name, Target target) {
    if (!link.isJoined()) {
      return List.of();
    }
    Options options = Options.of(target, Emission.PLAIN);
    try (Question question = ask(name, id -> NodeWriter.fetchRequest(id, options))) {
      question.await(requestTimeout);
      return question.found();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return List.of();
    }
  }

  @Override
  public Set<String> rooms(String name) {
    if (!link.isJoined()) {
      return Set.of();
    }
    try (Question question = ask(name, NodeWriter::roomsRequest)) {
      question.await(requestTimeout);
      return new TreeSet<>(question.rooms());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return Set.of();
    }
  }

  @Override
  public void join(String name, Target target, Collection<String> rooms) {
    request(name, NodeWriter.join(Options.of(target, Emission.PLAIN), rooms));
    dialects.forEach(dialect -> dialect.join(name, target, rooms));
  }

  @Override
  public void leave(String name, Target target, Collection<String> rooms) {
    request(name, NodeWriter.leave(Options.of(target, Emission.PLAIN), rooms));
    dialects.forEach(dialect -> dialect.leave(name, target, rooms));
  }

  @Override
  public void disconnect(String name, Target target, boolean close) {
    request(name, NodeWriter.disconnect(Options.of(target, Emission.PLAIN), close));
    dialects.forEach(dialect -> dialect.disconnect(name, target));
  }

  @Override
  public void serverSideEmit(String name, EventData event) {
    request(name, NodeWriter.serverSideEmit(null, event));
  }

  @Override
  public Asked serverSideAsk(String name, EventData event) {
    if (!link.isJoined()) {
      return Asked.NOBODY;
    }
    Question question = ask(name, id -> NodeWriter.serverSideEmit(id, event));
    return limit -> {
      try (question) {
        question.await(limit.compareTo(requestTimeout) < 0 ? limit : requestTimeout);
        return new Answers(question.expected(), question.values());
      }
    };
  }
}
