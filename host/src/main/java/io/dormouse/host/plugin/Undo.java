package io.dormouse.host.plugin;

import io.dormouse.host.plugin.Leftover.Ending;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Undoes what a plugin did behind the host's back and left behind: threads, timers and pools, and
 * what it registered in the JVM. Threads can only be asked to end, by an interrupt.
 */
final class Undo {
  private static final Logger LOG = LoggerFactory.getLogger(Undo.class);
  private static final int MOST = 10;

  /** How long all threads together are waited for. */
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(1);

  private Undo() {}

  /**
   * Called when the plugin has stopped and its tasks have ended, before its loader is closed: the
   * ends of its threads may need classes. Says in one line of the log what there was. Of a plugin
   * on the host's class path, whose threads are the host's, it knows only the given ones.
   *
   * @param own threads of the plugin that run on, though they were interrupted
   * @return what was undone
   */
  static List<String> of(ClassLoader loader, GenerationName name, Collection<Thread> own) {
    List<Leftover> all = new ArrayList<>(ThreadLeftovers.certain(loader, own));
    if (!LeakCauses.isOfTheHost(loader)) {
      all.addAll(ThreadLeftovers.likely(loader, own));
      all.addAll(GlobalLeftovers.of(loader));
    }
    if (all.isEmpty()) {
      return List.of();
    }
    List<Leftover> started = all.stream().filter(Undo::start).toList();
    List<String> undone = new ArrayList<>();
    List<String> left = new ArrayList<>();
    long limit = System.nanoTime() + PATIENCE;
    for (Leftover leftover : all) {
      if (!started.contains(leftover) || !isDone(leftover, limit)) {
        left.add(leftover.text());
      } else if (!leftover.passing()) {
        undone.add(leftover.text());
      }
    }
    if (!undone.isEmpty() || !left.isEmpty()) {
      log(name, undone, left);
    }
    return List.copyOf(undone);
  }

  private static boolean start(Leftover leftover) {
    Ending ending = leftover.ending();
    if (ending == null) {
      return false;
    }
    try {
      ending.start();
      return true;
    } catch (Exception | LinkageError refused) {
      LOG.debug("{} cannot be undone: {}", leftover.text(), Failure.text(refused));
      return false;
    }
  }

  private static boolean isDone(Leftover leftover, long limit) {
    try {
      long millis = TimeUnit.NANOSECONDS.toMillis(limit - System.nanoTime());
      return Objects.requireNonNull(leftover.ending()).done(millis);
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static void log(GenerationName name, List<String> undone, List<String> left) {
    List<String> parts = new ArrayList<>();
    if (!undone.isEmpty()) {
      parts.add(line(undone) + "; undone by the host");
    }
    if (!left.isEmpty()) {
      parts.add(line(left) + "; the host cannot undo that");
    }
    LOG.atWarn()
        .addKeyValue("plugin", name.id())
        .log("{} left behind: {}", name.title(), String.join("; and ", parts));
  }

  private static String line(List<String> texts) {
    return String.join(", ", LeakCauses.atMost(MOST, texts));
  }
}
