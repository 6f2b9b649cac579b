package io.dormouse.host.backplane;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dormouse.host.namespace.Emission;
import io.dormouse.host.namespace.LocalSockets;
import io.dormouse.host.namespace.Namespaces;
import io.dormouse.host.namespace.Target;
import io.dormouse.host.plugin.Sharing;
import io.dormouse.host.protocol.EventData;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All that joins this host with others over Redis. Redis need not be there: the host serves its own
 * sockets, and joins when Redis comes.
 */
public final class RedisBackplane {
  private static final Logger LOG = LoggerFactory.getLogger(RedisBackplane.class);

  /** Namespaces that a heartbeat names; of a pattern's children only the pattern. */
  private static final int MOST_NAMES = 1_000;

  /** Heartbeats after which all hosts that are there have been heard. */
  private static final int SETTLED = 3;

  /** How long what a host published stays after its end, at least. */
  private static final Duration KEPT = Duration.ofMinutes(5);

  private static final byte[] JSON_HEAD = "{\"uid\":".getBytes(UTF_8);

  private final BackplaneSettings settings;
  private final RedisClients redis;
  private final Channels channels;
  private final MeterRegistry registry;
  private final BackplaneMeters meters;
  private final Hosts hosts;
  private final Questions questions;

  private final Set<String> served = ConcurrentHashMap.newKeySet();
  private final Link link;
  private final Answering answering;
  private final @Nullable PythonDialect python;
  private final RedisSavedSockets saved;
  private final LocalSockets local;

  /** The same when what this host says is to be told there, too. */
  private final @Nullable Dialect tellsPython;

  private volatile int beatsJoined;

  /** As it was said last; asked for with every foreign event. */
  private volatile long startedMillis;

  private final Thread heart = Thread.ofVirtual().name("backplane heart").unstarted(this::beat);
  private final Supplier<HostCard> card;
  private final RedisCalls calls;
  private final RedisInstallations installations;
  private final long begun = System.nanoTime();

  /** Whether this host was joined when that was said last; null before the first time. */
  private @Nullable Boolean told;

  /**
   * Joins namespaces, of which none is open yet, with those of other hosts.
   *
   * @param maxDisconnection how long what sockets had is kept
   * @param card what this host says of itself at every heartbeat
   */
  public RedisBackplane(
      BackplaneSettings settings,
      RedisSettings redisSettings,
      Duration maxDisconnection,
      Namespaces namespaces,
      MeterRegistry registry,
      Supplier<HostCard> card) {
    this.settings = settings;
    this.card = card;
    this.registry = registry;
    redis = new RedisClients(redisSettings);
    calls = new RedisCalls(redis::commands);
    meters = new BackplaneMeters(registry);
    installations = new RedisInstallations(calls, settings.key(), meters, this::tellOfPlugins);
    channels = new Channels(settings.key());
    hosts = new Hosts(settings.deadAfter());
    questions = new Questions(hosts);
    link = new Link(settings, redis, kept(maxDisconnection), meters, new Inbound());
    python =
        settings.pythonChannels().isEmpty()
            ? null
            : new PythonDialect(
                settings, redis, namespaces.local(), link.hostId(), meters, this::tellNode);
    tellsPython = settings.dialects().contains("python") ? python : null;
    local = namespaces.local();
    answering =
        new Answering(
            link,
            channels,
            new NodeReader(),
            local,
            questions,
            hosts,
            served,
            meters,
            tellsPython,
            this::isElder);
    meters.gauge("hosts", () -> 1 + hosts.aliveCount());
    saved = new RedisSavedSockets(redis, calls, settings.key(), link.hostId(), maxDisconnection);
    namespaces.join(
        new RedisAdapter(
            link,
            channels,
            hosts,
            questions,
            settings.requestTimeout(),
            tellsPython == null ? List.of() : List.of(tellsPython),
            saved,
            this::isElder,
            served));
  }

  /** Longer than a client that comes back may know of a host. */
  private static Duration kept(Duration maxDisconnection) {
    Duration twice = maxDisconnection.plusMinutes(1).multipliedBy(2);
    return twice.compareTo(KEPT) > 0 ? twice : KEPT;
  }

  /**
   * Whether this host does what one host has to do for all. A host that starts is not sure for a
   * moment whom else there is.
   */
  private boolean isElder(@Nullable String nameOrPattern) {
    return beatsJoined >= SETTLED && hosts.isElder(link.hostId(), startedMillis, nameOrPattern);
  }

  private void tellNode(String namespace, Target target, EventData event) {
    if (tellsPython != null && isElder(null)) {
      Options options = Options.of(target, Emission.PLAIN);
      boolean _ =
          link.publish(
              Outgoing.of(
                  channels.broadcast(namespace, options),
                  NodeWriter.broadcast(namespace, event, options, Marks.BRIDGED)));
    }
  }

  /** Returns at once, whether or not Redis is there. */
  public void start() {
    LOG.info("Joins other hosts over Redis at {}", redis.location());
    link.start();
    if (python != null) {
      python.start();
    }
    saved.start();
    heart.start();
  }

  /** Says farewell, and publishes for a moment what still waits. */
  public void stop() {
    heart.interrupt();
    say("bye");
    saved.stop();
    link.stop();
    if (python != null) {
      python.stop();
    }
    redis.shutdown();
  }

  /** What is missing, for people; null when this host is joined with others. */
  public @Nullable String lacks() {
    return link.isJoined() ? null : "Redis at " + redis.location() + " is away";
  }

  /** This host's id, new at each start. */
  public String hostId() {
    return link.hostId();
  }

  /** What this host's plugins have in common with those of the other hosts. */
  public Sharing sharing() {
    return new Sharing(
        (pluginId, limitBytes) -> new RedisState(calls, settings.key(), pluginId, limitBytes),
        new RedisLeases(calls, settings.key(), link.hostId()),
        installations);
  }

  private void tellOfPlugins() {
    Body body = new Body(false, JSON_HEAD, ",\"kind\":\"changed\"}".getBytes(UTF_8));
    boolean _ = link.publish(new Outgoing(channels.plugins(), body.size(), body, false));
  }

  /** Brings requests to the other hosts, and knows which come from them. */
  public Forwarding forwarding(ForwardSettings forward, Forwarding.Way way) {
    String configured = forward.secret();
    ForwardSecret secret =
        configured == null
            ? ForwardSecret.inRedis(calls, settings.key())
            : ForwardSecret.of(configured);
    return new Forwarding(
        link.hostId(), hosts, () -> beatsJoined >= SETTLED, secret, way, registry);
  }

  /** Where this host's internal listener is, for itself and for others. */
  public ListenAddress listenAddress(ForwardSettings forward) {
    return new ListenAddress(forward, redis.address());
  }

  /** The other hosts. */
  public List<HostStatus> hosts() {
    return hosts.all();
  }

  /** What comes by the link. */
  private final class Inbound implements Link.Listener {
    @Override
    public void received(Incoming message) {
      RedisBackplane.this.received(message);
    }

    @Override
    public boolean wantsPast(String channel) {
      return answering.wantsPast(channel);
    }

    @Override
    public void recalled(List<PastMessage> messages) {
      answering.recalled(messages);
    }
  }

  private void received(Incoming message) {
    if (message.channel().equals(channels.plugins())) {
      if (message.hostId() != null) {
        installations.changed();
      }
      return;
    }
    if (!message.channel().equals(channels.host())) {
      answering.received(message);
      return;
    }
    String hostId = message.hostId();
    try {
      if (hostId != null && hosts.heard(hostId, message.payload())) {
        say("alive");
      }
    } catch (MessageRefused refused) {
      meters.refused(refused.reason());
    }
  }

  private void beat() {
    try {
      say("hello");
      while (true) {
        Thread.sleep(settings.heartbeat());
        say("alive");
        link.checkHearing();
        beatsJoined = link.isJoined() ? Math.min(SETTLED, beatsJoined + 1) : 0;
        local.tick();
        tellOfChange();
      }
    } catch (InterruptedException stopped) {
      LOG.debug("The heart has stopped");
    }
  }

  private void tellOfChange() {
    boolean joined = link.isJoined();
    boolean isConnecting =
        told == null && !joined && System.nanoTime() - begun < settings.deadAfter().toNanos();
    if (!isConnecting && (told == null || told != joined)) {
      told = joined;
      if (joined) {
        installations.changed();
        LOG.info("Joined with {} other hosts over Redis", hosts.aliveCount());
      } else {
        LOG.warn(
            "Redis at {} is away; this host serves its own sockets and joins again when Redis"
                + " comes. [BACKPLANE_AWAY]",
            redis.location());
      }
    }
  }

  private void say(String kind) {
    HostCard self = card.get();
    startedMillis = self.started().toEpochMilli();
    List<String> names = new ArrayList<>();
    for (String name : served) {
      if (names.size() < MOST_NAMES) {
        names.add(name);
      }
    }
    byte[] said =
        Hosts.write(
            new Hosts.Heartbeat(
                kind,
                self.name(),
                self.version(),
                startedMillis,
                self.address(),
                self.sockets(),
                names,
                self.plugins(),
                self.state()));
    said[0] = ','; // behind the uid, in the place of the brace
    Body body = new Body(false, JSON_HEAD, said);
    boolean _ = link.publish(Outgoing.of(channels.host(), body));
  }
}
