package io.dormouse.host.engine;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import io.micronaut.core.convert.format.ReadableBytes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Engine.IO's settings, {@code dormouse.engine.*}; defaults are Node's where Node has one.
 *
 * @param path where clients connect, with or without the last slash
 * @param pingInterval how long after a pong the next ping is sent
 * @param pingTimeout how long a pong may take
 * @param upgradeTimeout how long an upgrade to WebSocket may take
 * @param maxPayload bytes of one message, and of one polling request
 * @param corsOrigins origins of web pages that may connect beside the host's own, such as {@code
 *     https://app.example.org}; {@code *} for all
 * @param sendQueueLimit bytes that wait for one client before it is closed as too slow
 * @param maxConnections sessions in all
 * @param maxConnectionsPerAddress sessions of one client address
 * @param compressionThreshold bytes from which a polling answer is compressed
 */
@ConfigurationProperties("dormouse.engine")
public record EngineSettings(
    @Bindable(defaultValue = "/socket.io/") String path,
    @Bindable(defaultValue = "25s") Duration pingInterval,
    @Bindable(defaultValue = "20s") Duration pingTimeout,
    @Bindable(defaultValue = "10s") Duration upgradeTimeout,
    @ReadableBytes @Bindable(defaultValue = "1000000") int maxPayload,
    @Bindable(defaultValue = "") List<String> corsOrigins,
    @ReadableBytes @Bindable(defaultValue = "8MB") int sendQueueLimit,
    @Bindable(defaultValue = "100000") int maxConnections,
    @Bindable(defaultValue = "10000") int maxConnectionsPerAddress,
    @ReadableBytes @Bindable(defaultValue = "1KB") int compressionThreshold) {

  /** Creates settings as configured; see {@link #problems}. */
  public EngineSettings {
    corsOrigins = List.copyOf(corsOrigins);
  }

  /** The defaults. */
  public static EngineSettings defaults() {
    return new EngineSettings(
        "/socket.io/",
        Duration.ofSeconds(25),
        Duration.ofSeconds(20),
        Duration.ofSeconds(10),
        1_000_000,
        List.of(),
        8_388_608,
        100_000,
        10_000,
        1024);
  }

  /** What is wrong with these values, in a form for people; empty when nothing is. */
  public List<String> problems() {
    List<String> problems = new ArrayList<>();
    if (!path.startsWith("/") || path.contains("?") || path.equals("/")) {
      problems.add(
          "dormouse.engine.path must begin with / and name a folder such as /socket.io/, was '"
              + path
              + "'");
    }
    positive(problems, "ping-interval", pingInterval);
    positive(problems, "ping-timeout", pingTimeout);
    positive(problems, "upgrade-timeout", upgradeTimeout);
    positive(problems, "max-payload", maxPayload);
    positive(problems, "send-queue-limit", sendQueueLimit);
    positive(problems, "max-connections", maxConnections);
    positive(problems, "max-connections-per-address", maxConnectionsPerAddress);
    positive(problems, "compression-threshold", compressionThreshold);
    for (String origin : corsOrigins) {
      if (!origin.equals("*") && !origin.matches("https?://[^/]+")) {
        problems.add(
            "dormouse.engine.cors-origins takes origins such as https://app.example.org, or *; was '"
                + origin
                + "'");
      }
    }
    return problems;
  }

  private static void positive(List<String> problems, String key, Duration value) {
    if (value.isNegative() || value.isZero()) {
      problems.add("dormouse.engine." + key + " must be positive, was " + value);
    }
  }

  private static void positive(List<String> problems, String key, int value) {
    if (value <= 0) {
      problems.add("dormouse.engine." + key + " must be positive, was " + value);
    }
  }
}
