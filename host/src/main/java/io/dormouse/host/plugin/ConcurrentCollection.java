package io.dormouse.host.plugin;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * A collection by G1 that runs beside the program and unloads classes. It stops the program for
 * milliseconds, where a full one does for as long as the heap is large. It proves nothing of what
 * is still there afterwards.
 */
final class ConcurrentCollection {
  /** In milliseconds; G1 collects when it has not for so long, and looks at it once a second. */
  private static final String INTERVAL = "G1PeriodicGCInterval";

  private static final String OFTEN = "20";
  private static final String COLLECTOR = "G1 Concurrent GC";

  /**
   * Two of each collection, which is what is counted. It spares what is in survivor regions, and
   * what is young stays there for some collections.
   */
  private static final int STOPS = 24;

  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(5);
  private static final long LOOK = 10;

  private ConcurrentCollection() {}

  /**
   * Collects until there is enough, or there is no more to be had in this way. Does nothing with
   * another collector than G1.
   */
  static void run(BooleanSupplier enough) throws InterruptedException {
    var jvm = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
    if (jvm == null || stops() < 0) {
      return;
    }
    long last = stops() + STOPS;
    long limit = System.nanoTime() + PATIENCE;
    String before = jvm.getVMOption(INTERVAL).getValue();
    jvm.setVMOption(INTERVAL, OFTEN);
    try {
      while (!enough.getAsBoolean() && stops() < last && System.nanoTime() - limit < 0) {
        TimeUnit.MILLISECONDS.sleep(LOOK);
      }
    } finally {
      jvm.setVMOption(INTERVAL, before);
    }
  }

  /** -1 with another collector. */
  private static long stops() {
    return ManagementFactory.getGarbageCollectorMXBeans().stream()
        .filter(collector -> collector.getName().equals(COLLECTOR))
        .mapToLong(GarbageCollectorMXBean::getCollectionCount)
        .findFirst()
        .orElse(-1);
  }
}
