package io.dormouse.host.backplane;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import io.micronaut.core.convert.format.ReadableBytes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How this host joins others; without {@code dormouse.backplane.redis.url} it is alone.
 *
 * @param key what all channels and keys begin with, as Node's adapter calls it
 * @param dialects in which this host's own broadcasts are written: {@code node}, {@code python}
 * @param pythonChannels on which Python's servers and emitters are listened to; empty for none
 * @param pythonPickles whether the python-socketio of the servers that broadcasts are written for
 *     is one up to 5.13; newer ones read no pickles, and those no binary or several arguments
 *     otherwise
 * @param heartbeat how often this host says that it is there
 * @param deadAfter a host that was silent for so long is not waited for
 * @param requestTimeout how long others are waited for when they are asked for sockets or rooms
 * @param holdBytes at most held of what could not be published yet
 * @param holdAge what waits for Redis for longer is given up
 * @param replayBytes of its last messages that this host keeps, in memory and in Redis
 * @param maxMessage a larger message from Redis is refused
 * @param readyWithoutRedis whether the host is ready while Redis is away
 */
@ConfigurationProperties("dormouse.backplane")
public record BackplaneSettings(
    @Bindable(defaultValue = "socket.io") String key,
    @Bindable(defaultValue = "node") List<String> dialects,
    @Bindable(defaultValue = "socketio,flask-socketio") List<String> pythonChannels,
    @Bindable(defaultValue = "false") boolean pythonPickles,
    @Bindable(defaultValue = "1s") Duration heartbeat,
    @Bindable(defaultValue = "5s") Duration deadAfter,
    @Bindable(defaultValue = "5s") Duration requestTimeout,
    @Bindable(defaultValue = "16MB") @ReadableBytes int holdBytes,
    @Bindable(defaultValue = "30s") Duration holdAge,
    @Bindable(defaultValue = "16MB") @ReadableBytes int replayBytes,
    @Bindable(defaultValue = "4MB") @ReadableBytes int maxMessage,
    @Bindable(defaultValue = "true") boolean readyWithoutRedis) {

  /** What is wrong with these values; empty when nothing is. */
  public List<String> problems() {
    List<String> problems = new ArrayList<>();
    if (key.isEmpty() || key.length() > 100) {
      problems.add("dormouse.backplane.key must have 1 to 100 characters");
    }
    for (String dialect : dialects) {
      if (!List.of("node", "python").contains(dialect)) {
        problems.add("dormouse.backplane.dialects knows node and python, was '" + dialect + "'");
      }
    }
    positive(problems, "heartbeat", heartbeat);
    positive(problems, "dead-after", deadAfter);
    positive(problems, "request-timeout", requestTimeout);
    positive(problems, "hold-age", holdAge);
    if (deadAfter.compareTo(heartbeat.multipliedBy(2)) < 0) {
      problems.add(
          "dormouse.backplane.dead-after must be at least twice the heartbeat, was " + deadAfter);
    }
    if (holdBytes < 0 || replayBytes < 0) {
      problems.add("dormouse.backplane.hold-bytes and replay-bytes must not be negative");
    }
    if (maxMessage < 1024) {
      problems.add("dormouse.backplane.max-message must be at least 1KB, was " + maxMessage);
    }
    return problems;
  }

  private static void positive(List<String> problems, String name, Duration value) {
    if (!value.isPositive()) {
      problems.add("dormouse.backplane." + name + " must be positive, was " + value);
    }
  }
}
