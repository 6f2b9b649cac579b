package io.dormouse.host;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stops the host when the process is asked to end, by SIGTERM or SIGINT; the exit code is then 0.
 */
final class StopHook {
  private static final Logger LOG = LoggerFactory.getLogger(StopHook.class);

  private final Host host;
  private final Thread thread;

  private StopHook(Host host) {
    this.host = host;
    thread = Thread.ofPlatform().name("stop").unstarted(this::stop);
  }

  static StopHook install(Host host) {
    StopHook hook = new StopHook(host);
    Runtime.getRuntime().addShutdownHook(hook.thread);
    return hook;
  }

  /** Called when the host did not start: its exit code tells why. */
  void remove() {
    Runtime.getRuntime().removeShutdownHook(thread);
  }

  private void stop() {
    LOG.info("Stopping");
    int code = 0;
    try {
      host.stop();
      LOG.info("Stopped");
    } catch (RuntimeException e) {
      LOG.error("The host did not stop properly", e);
      code = 1;
    }
    // Otherwise the JVM would exit with 128 and the signal's number.
    Runtime.getRuntime().halt(code);
  }
}
