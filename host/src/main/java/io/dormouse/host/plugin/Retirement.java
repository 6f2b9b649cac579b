package io.dormouse.host.plugin;

import io.dormouse.host.namespace.Namespaces;
import io.dormouse.host.plugin.LeakWatch.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends generations that do not serve, each on a thread of its own, and sees their classes off. */
final class Retirement {
  private static final Logger LOG = LoggerFactory.getLogger(Retirement.class);

  /** How long what one has begun may take when the host stops. */
  private static final Duration LAST_DRAIN = Duration.ofSeconds(1);

  private final Namespaces namespaces;
  private final Duration drainTimeout;
  private final LeakWatch leaks;
  private final Consumer<PluginEvent> told;
  private final Set<Thread> underWay = ConcurrentHashMap.newKeySet();
  private volatile boolean stopping;

  /**
   * @param told of classes that were collected or leaked
   */
  Retirement(
      Namespaces namespaces, Duration drainTimeout, LeakWatch leaks, Consumer<PluginEvent> told) {
    this.namespaces = namespaces;
    this.drainTimeout = drainTimeout;
    this.leaks = leaks;
    this.told = told;
  }

  /** Ends a generation: soon, or before this returns while the host stops. */
  void retire(Generation generation) {
    if (stopping) {
      generation.retire(LAST_DRAIN, namespaces);
      return;
    }
    Thread thread =
        Thread.ofVirtual()
            .name(generation.record().name() + " retirement")
            .inheritInheritableThreadLocals(false)
            .unstarted(() -> end(generation));
    underWay.add(thread);
    thread.start();
  }

  private void end(Generation generation) {
    try {
      GenerationRecord record = generation.record();
      ClassLoader loader = generation.owner().loader();
      generation.retire(drainTimeout, namespaces);
      leaks.watch(record.name(), loader, verdict -> tell(record, verdict));
    } finally {
      underWay.remove(Thread.currentThread());
    }
  }

  private void tell(GenerationRecord record, Verdict verdict) {
    switch (verdict.state()) {
      case COLLECTED -> {
        record.become(GenerationState.COLLECTED);
        tell(record, PluginEvent.Type.COLLECTED, record.name().toString());
      }
      case LEAKED -> {
        record.leaked(verdict.causes());
        String causes = String.join("; ", verdict.causes());
        LOG.atWarn()
            .addKeyValue("plugin", record.name().id())
            .log(
                "{} ({}) was retired, but its classes stay in memory: {}",
                record.name().title(),
                record.name(),
                causes);
        tell(record, PluginEvent.Type.LEAKED, record.name() + ": " + causes);
      }
      case UNKNOWN -> record.because(String.join("; ", verdict.causes()));
    }
  }

  private void tell(GenerationRecord record, PluginEvent.Type type, String detail) {
    GenerationName name = record.name();
    told.accept(new PluginEvent(Instant.now(), name.id(), name.version(), type, detail));
  }

  /** Ends at once from now on. */
  void hurry() {
    stopping = true;
  }

  /** Waits for what is under way, and begins anew. */
  void settle() {
    for (Thread thread : underWay) {
      try {
        boolean _ = thread.join(LAST_DRAIN);
      } catch (InterruptedException hurried) {
        Thread.currentThread().interrupt();
      }
    }
    stopping = false;
  }
}
