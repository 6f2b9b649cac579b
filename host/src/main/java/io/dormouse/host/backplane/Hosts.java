package io.dormouse.host.backplane;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.dormouse.host.namespace.NamespacePattern;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The other hosts of ours on the same Redis, by what they say of themselves every heartbeat. One
 * that is silent for long is not alive, and after longer still forgotten.
 */
final class Hosts {
  private static final Duration FORGOTTEN_AFTER = Duration.ofMinutes(10);
  private static final int MOST_HOSTS = 10_000;
  private static final int MOST_TEXT = 10_000;

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .visibility(PropertyAccessor.FIELD, JsonAutoDetect.Visibility.ANY)
          .build();

  /**
   * As it stands on the channel, behind the uid.
   *
   * @param kind {@code hello} wants to be answered at once, {@code alive}, {@code bye}
   */
  record Heartbeat(
      @Nullable String kind,
      @Nullable String name,
      @Nullable String version,
      long started,
      @Nullable String address,
      int sockets,
      @Nullable List<String> namespaces,
      @Nullable List<HostStatus.PluginPart> plugins,
      @Nullable String state) {}

  private record Heard(Heartbeat said, long at) {}

  private final Duration deadAfter;
  private final Map<String, Heard> heard = new ConcurrentHashMap<>();

  Hosts(Duration deadAfter) {
    this.deadAfter = deadAfter;
  }

  static byte[] write(Heartbeat heartbeat) {
    try {
      return JSON.writeValueAsBytes(heartbeat);
    } catch (IOException impossible) {
      throw new IllegalStateException("Writing into memory failed.", impossible);
    }
  }

  /** A host has said something; true when it wants to be answered. */
  boolean heard(String hostId, byte[] payload) throws MessageRefused {
    Heartbeat said;
    try {
      said = JSON.readValue(payload, Heartbeat.class);
    } catch (IOException | RuntimeException malformed) {
      throw new MessageRefused(RefusalReason.MALFORMED, "A heartbeat cannot be read.");
    }
    if (said == null
        || (said.namespaces != null && said.namespaces.size() > MOST_TEXT)
        || (said.plugins != null && said.plugins.size() > MOST_TEXT)) {
      throw new MessageRefused(RefusalReason.LIMIT, "A heartbeat says too much.");
    }
    if (!isWhole(said)) {
      throw new MessageRefused(RefusalReason.FIELD, "A heartbeat lacks a name or a state.");
    }
    forgetOld();
    if ("bye".equals(said.kind)) {
      heard.remove(hostId);
    } else if (heard.size() < MOST_HOSTS || heard.containsKey(hostId)) {
      heard.put(hostId, new Heard(said, System.nanoTime()));
    }
    return "hello".equals(said.kind);
  }

  private static boolean isWhole(Heartbeat said) {
    return (said.namespaces == null || said.namespaces.stream().allMatch(Objects::nonNull))
        && (said.plugins == null
            || said.plugins.stream()
                .allMatch(one -> one != null && one.id() != null && one.state() != null));
  }

  private void forgetOld() {
    heard.values().removeIf(one -> silence(one).compareTo(FORGOTTEN_AFTER) > 0);
  }

  private static Duration silence(Heard one) {
    return Duration.ofNanos(System.nanoTime() - one.at);
  }

  private boolean isAlive(Heard one) {
    return silence(one).compareTo(deadAfter) < 0;
  }

  boolean isAlive(String hostId) {
    Heard one = heard.get(hostId);
    return one != null && isAlive(one);
  }

  /**
   * Where a host's internal listener is, alive or not; null when nobody has said so, or the host
   * said farewell.
   */
  @Nullable String address(String hostId) {
    Heard one = heard.get(hostId);
    return one == null ? null : one.said.address;
  }

  /** Whether a host has fallen silent without a farewell. */
  boolean hasSilent() {
    return heard.values().stream().anyMatch(one -> !isAlive(one));
  }

  /**
   * Whether no other host that is alive is older; of two of the same age the one with the lower id.
   *
   * @param namespace only hosts that serve this name or pattern count; null for all
   */
  boolean isElder(String hostId, long startedMillis, @Nullable String namespace) {
    for (Map.Entry<String, Heard> other : heard.entrySet()) {
      Heard one = other.getValue();
      long started = one.said.started;
      boolean isOlder =
          started < startedMillis
              || (started == startedMillis && other.getKey().compareTo(hostId) < 0);
      if (isOlder && isAlive(one) && (namespace == null || serves(one, namespace))) {
        return false;
      }
    }
    return true;
  }

  /** Ids of the hosts that are alive and serve a namespace. */
  Set<String> aliveServing(String namespace) {
    Set<String> ids = new HashSet<>();
    heard.forEach(
        (id, one) -> {
          if (isAlive(one) && serves(one, namespace)) {
            ids.add(id);
          }
        });
    return ids;
  }

  /** How many other hosts serve a namespace. */
  int serving(String namespace) {
    return aliveServing(namespace).size();
  }

  private static boolean serves(Heard one, String namespace) {
    List<String> names = one.said.namespaces;
    return names != null && names.contains(namespace);
  }

  /** Whether another host serves a namespace, by its name or a pattern. */
  boolean knows(String namespace) {
    for (Heard one : heard.values()) {
      List<String> names = one.said.namespaces;
      if (isAlive(one) && names != null) {
        for (String name : names) {
          if (name.equals(namespace) || matches(name, namespace)) {
            return true;
          }
        }
      }
    }
    return false;
  }

  private static boolean matches(String name, String namespace) {
    return NamespacePattern.isPattern(name) && NamespacePattern.matches(name, namespace);
  }

  int aliveCount() {
    return (int) heard.values().stream().filter(this::isAlive).count();
  }

  /** All that were heard lately, by name. */
  List<HostStatus> all() {
    List<HostStatus> all = new ArrayList<>();
    heard.forEach(
        (id, one) ->
            all.add(
                new HostStatus(
                    id,
                    text(one.said.name),
                    text(one.said.version),
                    Instant.ofEpochMilli(one.said.started),
                    Instant.now().minus(silence(one)),
                    isAlive(one),
                    one.said.sockets,
                    one.said.namespaces == null ? List.of() : one.said.namespaces,
                    one.said.plugins == null ? List.of() : one.said.plugins,
                    text(one.said.state))));
    all.sort(Comparator.comparing(HostStatus::name).thenComparing(HostStatus::id));
    return all;
  }

  private static String text(@Nullable String said) {
    return said == null ? "" : said;
  }
}
