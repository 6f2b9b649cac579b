package io.dormouse.host.hook;

import io.micrometer.core.instrument.MeterRegistry;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The hooks of this host. Each gets each event of its types at least once, or has it as a dead
 * letter; those of one subject in order. All methods may be called from any thread.
 */
public final class Hooks {
  private static final Logger LOG = LoggerFactory.getLogger(Hooks.class);

  /** When a hook vetoes without a word on how long. */
  private static final Duration USUAL_DELAY = Duration.ofMinutes(1);

  private record Hook(HookSettings settings, HookQueue queue) {}

  private final Map<String, Hook> hooks = new LinkedHashMap<>();
  private final String source;

  /**
   * @param hostName by which receivers tell this host from others
   */
  public Hooks(List<HookSettings> hooks, String hostName, MeterRegistry registry) {
    this(hooks, hostName, registry, HookQueue.Limits.USUAL, InetAddress::getAllByName);
  }

  Hooks(
      List<HookSettings> all,
      String hostName,
      MeterRegistry registry,
      HookQueue.Limits limits,
      HookClient.Lookup lookup) {
    source = source(hostName);
    for (HookSettings settings : all) {
      HookMeters meters = new HookMeters(registry, settings.name());
      HookClient client = new HookClient(settings, lookup);
      hooks.put(
          settings.name(), new Hook(settings, new HookQueue(settings, client, limits, meters)));
    }
  }

  private static String source(String hostName) {
    try {
      return new URI(null, null, "/hosts/" + hostName, null).toASCIIString();
    } catch (URISyntaxException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** Sends an event to all hooks that want it. Returns at once. */
  public void tell(HookEvent event) {
    Map<String, CompletableFuture<Answer>> _ = send(event, false);
  }

  /**
   * Asks all hooks that want the event whether what it announces may be done. It goes the way of
   * all events; a hook vetoes with the status 409, and {@code Retry-After} says when to ask again.
   * One that does not answer in time allows it.
   *
   * @param patience for all of them together
   */
  public Verdict ask(HookEvent event, Duration patience) throws InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    List<String> vetoedBy = new ArrayList<>();
    Duration delay = Duration.ZERO;
    for (var asked : send(event, true).entrySet()) {
      Answer answer = await(asked.getKey(), asked.getValue(), end - System.nanoTime());
      if (answer != null && answer.vetoed()) {
        vetoedBy.add(asked.getKey());
        Duration wanted = answer.retryAfter() == null ? USUAL_DELAY : answer.retryAfter();
        delay = delay.compareTo(wanted) < 0 ? wanted : delay;
      }
    }
    return vetoedBy.isEmpty() ? Verdict.ALLOWED : new Verdict(false, delay, vetoedBy);
  }

  private static @Nullable Answer await(String hook, CompletableFuture<Answer> answer, long nanos)
      throws InterruptedException {
    try {
      return answer.get(Math.max(0, nanos), TimeUnit.NANOSECONDS);
    } catch (TimeoutException _) {
      LOG.info("Hook '{}' was asked and has not answered in time, which allows it", hook);
      return null;
    } catch (ExecutionException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private Map<String, CompletableFuture<Answer>> send(HookEvent event, boolean isQuestion) {
    Map<String, CompletableFuture<Answer>> answers = new LinkedHashMap<>();
    String id = "evt_" + UUID.randomUUID().toString().replace("-", "");
    byte[] body = null;
    for (Hook hook : hooks.values()) {
      if (hook.settings().types().has(event.type())) {
        body = body == null ? EventJson.write(id, source, event) : body;
        Delivery delivery =
            new Delivery(id, event, body, isQuestion, expiry(hook), new CompletableFuture<>());
        answers.put(hook.settings().name(), delivery.answer());
        hook.queue().add(delivery);
      }
    }
    return answers;
  }

  private static long expiry(Hook hook) {
    return System.nanoTime() + hook.settings().deadline().toNanos();
  }

  /** In the order of their names. */
  public List<HookStatus> statuses() {
    return hooks.values().stream().map(hook -> hook.queue().status()).toList();
  }

  /** Oldest first; null when there is no such hook. */
  public @Nullable List<DeadLetter> deadLetters(String name) {
    Hook hook = hooks.get(name);
    return hook == null ? null : hook.queue().deadLetters();
  }

  /**
   * Sends dead letters again, under their former ids, with the whole deadline anew.
   *
   * @param id of an event; null for all
   * @return how many; 0 when there is no such hook or letter
   */
  public int resend(String name, @Nullable String id) {
    Hook hook = hooks.get(name);
    if (hook == null) {
      return 0;
    }
    List<Delivery> again = hook.queue().exhume(letter -> id == null || letter.id().equals(id));
    for (Delivery former : again) {
      hook.queue()
          .add(
              new Delivery(
                  former.id(),
                  former.event(),
                  former.body(),
                  former.isQuestion(),
                  expiry(hook),
                  new CompletableFuture<>()));
    }
    return again.size();
  }

  /**
   * Delivers what waits, at once and without long pauses, and gives up the rest.
   *
   * @param by when that is, by {@link System#nanoTime}
   */
  public void stop(long by) {
    hooks.values().forEach(hook -> hook.queue().stopBy(by));
    try {
      for (Hook hook : hooks.values()) {
        hook.queue().awaitEmpty();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
