package io.dormouse.host.backplane;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.redisson.api.RScript;
import org.redisson.api.RedissonClient;
import org.redisson.client.codec.ByteArrayCodec;

/**
 * Scripts that Redis runs for callers who wait. When it does not answer, one caller finds that out
 * within seconds; for a moment after that all others are told at once, so that a Redis that is away
 * holds up nobody for long.
 *
 * <p>Any thread may call. An argument is a {@code byte[]}, or text that is written as UTF-8.
 */
final class RedisCalls {
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final Duration REST = Duration.ofMillis(500);

  private final Supplier<RedissonClient> client;

  /** When it is asked again, in nanoseconds; 0 while it answers. */
  private final AtomicLong askAgain = new AtomicLong();

  private volatile String lastFailure = "";

  /**
   * @param client made when it is needed first; may throw while Redis is away
   */
  RedisCalls(Supplier<RedissonClient> client) {
    this.client = client;
  }

  /**
   * @throws RedisAway when it cannot be run, or nobody knows whether it was
   */
  long number(String script, String key, Object... arguments) {
    return call(script, RScript.ReturnType.LONG, key, arguments) instanceof Long answer
        ? answer
        : 0;
  }

  /**
   * The bytes that a script returns; null for nil.
   *
   * @throws RedisAway as {@link #number}
   */
  byte @Nullable [] bytes(String script, String key, Object... arguments) {
    return call(script, RScript.ReturnType.VALUE, key, arguments) instanceof byte[] answer
        ? answer
        : null;
  }

  /**
   * The byte strings that a script returns.
   *
   * @throws RedisAway as {@link #number}
   */
  List<byte[]> list(String script, String key, Object... arguments) {
    Object answer = call(script, RScript.ReturnType.LIST, key, arguments);
    return answer instanceof List<?> all
        ? all.stream().map(byte[].class::cast).toList()
        : List.of();
  }

  private @Nullable Object call(
      String script, RScript.ReturnType type, String key, Object... arguments) {
    admit();
    try {
      // The first call connects, on the thread that calls.
      CompletableFuture<Object> answer =
          client
              .get()
              .getScript(ByteArrayCodec.INSTANCE)
              .<Object>evalAsync(
                  RScript.Mode.READ_WRITE, script, type, List.of(key), encoded(arguments))
              .toCompletableFuture();
      Object value = answer.get(PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
      askAgain.set(0);
      return value;
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
      throw new RedisAway("its answer was not waited for");
    } catch (TimeoutException silent) {
      throw failed("Redis did not answer within " + PATIENCE.toSeconds() + " s");
    } catch (ExecutionException refused) {
      throw failed(said(refused.getCause()));
    } catch (RuntimeException refused) {
      if (Thread.currentThread().isInterrupted()) {
        throw new RedisAway("its answer was not waited for");
      }
      throw failed(said(refused));
    }
  }

  /** One of many callers tries when it is time to. */
  private void admit() {
    long until = askAgain.get();
    if (until == 0) {
      return;
    }
    long now = System.nanoTime();
    if (now - until < 0 || !askAgain.compareAndSet(until, later(now, PATIENCE.plus(REST)))) {
      throw new RedisAway(lastFailure);
    }
  }

  private RedisAway failed(String reason) {
    lastFailure = reason;
    askAgain.set(later(System.nanoTime(), REST));
    return new RedisAway(reason);
  }

  private static long later(long now, Duration pause) {
    long then = now + pause.toNanos();
    return then == 0 ? 1 : then;
  }

  /** Without what a driver adds of addresses and commands, which may have secrets in them. */
  private static String said(@Nullable Throwable thrown) {
    String message = thrown == null ? null : thrown.getMessage();
    return message != null && message.matches("(?s)[A-Z]{2,20} .*")
        ? "Redis answered " + message.substring(0, message.indexOf(' '))
        : "Redis is away";
  }

  private static Object[] encoded(Object... arguments) {
    Object[] encoded = new Object[arguments.length];
    for (int i = 0; i < arguments.length; i++) {
      Object argument = arguments[i];
      encoded[i] = argument instanceof byte[] ? argument : String.valueOf(argument).getBytes(UTF_8);
    }
    return encoded;
  }
}
