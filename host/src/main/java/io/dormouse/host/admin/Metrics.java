package io.dormouse.host.admin;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.function.ToDoubleFunction;
import jdk.management.VirtualThreadSchedulerMXBean;

/** What the JVM says about itself, among the host's other numbers. */
public final class Metrics {
  private Metrics() {}

  /**
   * Adds it. Takes a good part of a second in a cold JVM, so call it when the ports are open. What
   * is bound stays until the process ends.
   */
  public static void bindJvm(MeterRegistry registry) {
    List<MeterBinder> binders =
        List.of(
            new JvmMemoryMetrics(),
            new JvmGcMetrics(),
            new JvmThreadMetrics(),
            Metrics::bindVirtualThreads,
            new ClassLoaderMetrics(),
            new ProcessorMetrics(),
            new FileDescriptorMetrics(),
            new UptimeMetrics());
    binders.forEach(binder -> binder.bindTo(registry));
  }

  /** Micrometer's own binder starts a JFR recording for these, which costs more than they tell. */
  private static void bindVirtualThreads(MeterRegistry registry) {
    VirtualThreadSchedulerMXBean scheduler =
        ManagementFactory.getPlatformMXBean(VirtualThreadSchedulerMXBean.class);
    gauge("mounted", scheduler, VirtualThreadSchedulerMXBean::getMountedVirtualThreadCount)
        .description("Virtual threads that run on a carrier now")
        .register(registry);
    gauge("queued", scheduler, VirtualThreadSchedulerMXBean::getQueuedVirtualThreadCount)
        .description("Virtual threads that wait for a carrier")
        .register(registry);
    gauge("carriers", scheduler, VirtualThreadSchedulerMXBean::getPoolSize)
        .description("Platform threads that carry virtual ones")
        .register(registry);
  }

  private static Gauge.Builder<VirtualThreadSchedulerMXBean> gauge(
      String name,
      VirtualThreadSchedulerMXBean scheduler,
      ToDoubleFunction<VirtualThreadSchedulerMXBean> value) {
    return Gauge.builder("jvm.threads.virtual." + name, scheduler, value).strongReference(true);
  }
}
