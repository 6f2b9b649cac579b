package io.dormouse.host.cli;

import java.util.Locale;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.TimeUnit;

/**
 * How far a deployment is, for the person who waits: on a terminal in one line that is written over
 * and cleared at the end, elsewhere a line for each part. Goes to the errors, so that the output is
 * the result alone.
 */
final class Progress implements AutoCloseable {
  private static final String CLEAR = "\r\033[K";
  private static final long SECOND = 1_000;
  private static final long REDRAW_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private final Terminal terminal;
  private final String what;
  private final boolean quiet;
  private long drawn = System.nanoTime() - REDRAW_NANOS;
  private final Timer ticking = new Timer("progress", true);
  private boolean closed;

  /**
   * @param what is deployed
   * @param quiet to say nothing
   */
  Progress(Terminal terminal, String what, boolean quiet) {
    this.terminal = terminal;
    this.what = Terminal.clean(what);
    this.quiet = quiet;
  }

  /** Called before anything is sent. */
  void starts(long bytes) {
    if (!quiet && !terminal.progress()) {
      terminal.complain("Uploading " + what + ", " + size(bytes));
    }
  }

  void sent(long bytes, long all) {
    long now = System.nanoTime();
    if (now - drawn >= REDRAW_NANOS) {
      drawn = now;
      draw("Uploading %s  %d %% of %s".formatted(what, bytes * 100 / Math.max(1, all), size(all)));
    }
  }

  /** Called when all is sent: the host starts the new version and swaps. */
  void waits() {
    String text = "Waiting for the host to start " + what;
    if (quiet) {
      return;
    }
    if (!terminal.progress()) {
      terminal.complain(text);
      return;
    }
    draw(text);
    long since = System.nanoTime();
    ticking.scheduleAtFixedRate(
        new TimerTask() {
          @Override
          public void run() {
            draw(text + "  " + (System.nanoTime() - since) / 1_000_000_000 + " s");
          }
        },
        SECOND,
        SECOND);
  }

  /** Says how far it is, on a terminal only. */
  void tells(String text) {
    draw(text);
  }

  private synchronized void draw(String text) {
    if (!quiet && terminal.progress() && !closed) {
      terminal.errors().print(CLEAR + text);
      terminal.errors().flush();
    }
  }

  /** Leaves nothing on the terminal. */
  @Override
  public synchronized void close() {
    ticking.cancel();
    draw("");
    closed = true;
  }

  private static String size(long bytes) {
    return bytes < 1_000_000
        ? Math.ceilDiv(bytes, 1_000) + " kB"
        : String.format(Locale.ROOT, "%.1f MB", bytes / 1_000_000.0);
  }
}
