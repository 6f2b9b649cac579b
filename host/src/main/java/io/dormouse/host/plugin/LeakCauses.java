package io.dormouse.host.plugin;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import org.jspecify.annotations.Nullable;

/** What keeps a retired generation's classes in memory, for people to read. */
final class LeakCauses {
  private static final int MOST = 10;

  private LeakCauses() {}

  /**
   * The likely causes, at most ten, or one text that says where to look further. Looks at all
   * threads: for the few loaders that were not collected, not for each that was retired.
   */
  static List<String> of(ClassLoader loader) {
    List<String> found = found(loader);
    return found.isEmpty() ? List.of(unknown(loader)) : found;
  }

  /** Empty when nothing was found. */
  static List<String> found(ClassLoader loader) {
    if (isOfTheHost(loader)) {
      return List.of();
    }
    List<String> texts = new ArrayList<>();
    ThreadLeftovers.all(loader).forEach(leftover -> texts.add(leftover.text()));
    threadLocals(loader, texts);
    GlobalLeftovers.of(loader).forEach(leftover -> texts.add(leftover.text()));
    return atMost(MOST, texts.stream().distinct().toList());
  }

  private static void threadLocals(ClassLoader loader, List<String> texts) {
    var reach = new Reach(loader);
    for (Thread thread : JdkInternals.threads()) {
      for (Object value : JdkInternals.threadLocals(thread)) {
        Object own = reach.find(value);
        if (own != null) {
          texts.add(
              "thread local of thread '%s' with a %s"
                  .formatted(thread.getName(), own.getClass().getName()));
        }
      }
    }
  }

  static List<String> atMost(int most, List<String> texts) {
    if (texts.size() <= most) {
      return texts;
    }
    List<String> shown = new ArrayList<>(texts.subList(0, most));
    shown.add("and " + (texts.size() - most) + " more");
    return List.copyOf(shown);
  }

  /** Whether it is the loader of a plugin on the class path, which nobody wants to see go. */
  static boolean isOfTheHost(ClassLoader loader) {
    for (@Nullable ClassLoader own = LeakCauses.class.getClassLoader();
        own != null;
        own = own.getParent()) {
      if (own.equals(loader)) {
        return true;
      }
    }
    return false;
  }

  private static String unknown(ClassLoader loader) {
    String look = "take a heap dump and look for the loader '" + loader.getName() + "'";
    if (!JdkInternals.open()) {
      return "unknown, since this JVM was started without the --add-opens of the launcher; " + look;
    }
    long delayed = ForkJoinPool.commonPool().getDelayedTaskCount();
    return delayed == 0
        ? "unknown; " + look
        : "unknown, perhaps one of the %d timeouts and delays of CompletableFuture that are pending; %s"
            .formatted(delayed, look);
  }
}
