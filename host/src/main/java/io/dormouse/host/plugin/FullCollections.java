package io.dormouse.host.plugin;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Forces full collections of the heap, and knows whether they prove anything. */
final class FullCollections {
  private static final int FEWEST = 3;
  private static final int MOST = 8;
  private static final long FIRST_PAUSE = 50;

  /** More than there are carriers. */
  private static final int THROWERS = 4 * Runtime.getRuntime().availableProcessors();

  private FullCollections() {}

  /**
   * Collects until there is enough, or what is left is left for good. Stops the whole JVM for as
   * long as its collector takes, up to three times as a rule.
   *
   * @param enough asked after each collection
   * @return null when everything that nothing refers to is gone; otherwise why that is not sure
   */
  static @Nullable String force(BooleanSupplier enough) throws InterruptedException {
    for (String flag : new String[] {"DisableExplicitGC", "ExplicitGCInvokesConcurrent"}) {
      if ("true".equals(option(flag))) {
        return "the JVM runs with -XX:+" + flag + ", so no full collection can be forced";
      }
    }
    for (int i = 0; i < MOST; i++) {
      var canary = new WeakReference<>(new Object());
      throwElsewhere();
      System.gc();
      if (enough.getAsBoolean() || (i >= FEWEST - 1 && canary.refersTo(null))) {
        return null;
      }
      TimeUnit.MILLISECONDS.sleep(FIRST_PAUSE << i); // what ends a moment later
    }
    return "this JVM's collector does not follow System.gc()";
  }

  /** Whether softly reachable objects outlive full collections. */
  static boolean keepSoftReferences() {
    return !"0".equals(option("SoftRefLRUPolicyMSPerMB"));
  }

  private static @Nullable String option(String name) {
    var jvm = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
    try {
      return jvm == null ? null : jvm.getVMOption(name).getValue();
    } catch (IllegalArgumentException unknown) {
      return null;
    }
  }

  /**
   * HotSpot itself refers to the exception that a thread caught last, until that thread catches
   * another. Carriers of virtual threads so keep an exception of a plugin, and with it its classes.
   */
  private static void throwElsewhere() throws InterruptedException {
    var threads = new Thread[THROWERS];
    for (int i = 0; i < threads.length; i++) {
      threads[i] =
          Thread.startVirtualThread(
              () -> {
                try {
                  throw new IllegalStateException("of the host");
                } catch (IllegalStateException itself) {
                  Thread.onSpinWait();
                }
              });
    }
    for (Thread thread : threads) {
      thread.join();
    }
  }
}
