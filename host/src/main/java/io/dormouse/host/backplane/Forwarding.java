package io.dormouse.host.backplane;

import io.dormouse.host.backplane.ForwardPass.Refusal;
import io.dormouse.host.engine.ClientAddress.Client;
import io.dormouse.host.engine.SessionRouter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings requests to the host on which their session lives, which stands in the session's id:
 * {@code k3v9….} and what is random. Any thread may call.
 */
public final class Forwarding implements SessionRouter {
  private static final Logger LOG = LoggerFactory.getLogger(Forwarding.class);
  private static final Pattern SID = Pattern.compile("([a-z0-9]{12})\\.[A-Za-z0-9_-]{20}");
  private static final long LOOK_EVERY = TimeUnit.SECONDS.toMillis(1);

  /** How long after its start a host may not have heard of another one yet, at most. */
  private static final Duration GETTING_TO_KNOW = Duration.ofSeconds(10);

  /** The header by which a request says who forwarded it. */
  public static final String PASS_HEADER = ForwardPass.HEADER;

  /**
   * How requests are brought to other hosts.
   *
   * @param path where clients connect, the same on all hosts
   * @param patience for an answer; longer than a poll may wait
   */
  public record Way(String path, Duration patience) {
    public Way {
      path = path.endsWith("/") ? path : path + "/";
    }
  }

  /**
   * @param address as the host tells it
   */
  private record Place(String hostId, String address) {}

  private final String hostId;
  private final Hosts hosts;
  private final BooleanSupplier isSettled;
  private final ForwardSecret secret;
  private final ForwardPass pass;
  private final Way way;
  private final MeterRegistry registry;
  private final Map<Place, OtherHost> owners = new ConcurrentHashMap<>();
  private final Thread keeper = Thread.ofVirtual().name("forward keeper").unstarted(this::keep);
  private final long begun = System.nanoTime();

  /**
   * @param isSettled whether all hosts that are there have been heard
   */
  Forwarding(
      String hostId,
      Hosts hosts,
      BooleanSupplier isSettled,
      ForwardSecret secret,
      Way way,
      MeterRegistry registry) {
    this.hostId = hostId;
    this.hosts = hosts;
    this.isSettled = isSettled;
    this.secret = secret;
    this.way = way;
    this.registry = registry;
    pass = new ForwardPass(secret, InstantSource.system());
  }

  public void start() {
    keeper.start();
  }

  public void stop() {
    keeper.interrupt();
    owners.values().forEach(OtherHost::close);
  }

  private void keep() {
    try {
      while (true) {
        secret.refresh();
        tick(System.nanoTime());
        Thread.sleep(LOOK_EVERY);
      }
    } catch (InterruptedException stopped) {
      LOG.debug("Forwards are no longer looked after");
    }
  }

  private void tick(long now) {
    owners.forEach(
        (place, owner) -> {
          boolean isUsed = owner.tick(now);
          if (!isUsed && !place.address.equals(hosts.address(place.hostId))) {
            owners.remove(place);
          }
        });
  }

  @Override
  public String hostId() {
    return hostId;
  }

  /**
   * Whether another host of ours has forwarded a request.
   *
   * @param header the value of {@link #PASS_HEADER}; null when there is none
   */
  public boolean isSigned(String method, String target, @Nullable String header) {
    Refusal refusal = pass.check(method, target, header);
    if (refusal != null) {
      registry.counter("dormouse.forwarded.forged", "reason", refusal.name()).increment();
      LOG.debug("A request to the internal listener is not signed by a host: {}", refusal);
    }
    return refusal == null;
  }

  /**
   * The client that a request is from of which {@link #isSigned} is true.
   *
   * @param peer the address of the other host
   */
  public Client client(@Nullable String header, String peer) {
    Client client = header == null ? null : ForwardPass.client(header);
    return client == null ? new Client(peer, false, "") : client;
  }

  @Override
  public @Nullable Owner owner(String sid) {
    Matcher matcher = SID.matcher(sid);
    if (!matcher.matches()) {
      return null;
    }
    String id = matcher.group(1);
    if (id.equals(hostId)) {
      return null;
    }
    String address = hosts.address(id);
    while (address == null && isGettingToKnow() && waited()) {
      address = hosts.address(id);
    }
    return address == null ? null : owner(new Place(id, address));
  }

  private boolean isGettingToKnow() {
    return !isSettled.getAsBoolean() && System.nanoTime() - begun < GETTING_TO_KNOW.toNanos();
  }

  private static boolean waited() {
    try {
      Thread.sleep(20);
      return true;
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private @Nullable Owner owner(Place place) {
    OtherHost known = owners.get(place);
    return known == null ? owners.computeIfAbsent(place, this::otherHost) : known;
  }

  private @Nullable OtherHost otherHost(Place place) {
    String id = place.hostId;
    InternalAddress address = InternalAddress.parse(place.address, 0);
    if (address == null) {
      return null;
    }
    HostConnections connections =
        new HostConnections(address, () -> hosts.isAlive(id), way.patience());
    return new OtherHost(id, connections, pass, way.path());
  }
}
