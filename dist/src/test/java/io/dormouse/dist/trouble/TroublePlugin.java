package io.dormouse.dist.trouble;

import io.dormouse.api.Namespace;
import io.dormouse.api.Plugin;
import io.dormouse.api.PluginContext;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Each of its handlers does what a handler must not do. */
public final class TroublePlugin implements Plugin {
  private volatile long spins;

  @Override
  public void start(PluginContext context) {
    Namespace trouble = context.namespace("/trouble");
    trouble.onWithAck("ping", String.class, (socket, text) -> text);
    trouble.on("slow", Integer.class, (socket, millis) -> await(Duration.ofMillis(millis)));
    trouble.on("hang", Object.class, (socket, nothing) -> new CountDownLatch(1).await());
    trouble.on("hang-deaf", Object.class, (socket, nothing) -> hangDeaf());
    trouble.on("spin", Object.class, (socket, nothing) -> spin());
    trouble.on("throw", String.class, (socket, what) -> TroublePlugin.raise(what));
  }

  private static void await(Duration duration) throws InterruptedException {
    if (new CountDownLatch(1).await(duration.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new IllegalStateException("Nobody counts down.");
    }
  }

  private static void hangDeaf() {
    while (true) {
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException ignored) {
        // That is what it is here for.
      }
    }
  }

  private void spin() {
    while (true) {
      spins++;
    }
  }

  private static void raise(String what) throws Exception {
    switch (what) {
      case "exception" -> throw new IllegalStateException("thrown on purpose");
      case "checked" -> throw new IOException("thrown on purpose");
      case "assertion" -> throw new AssertionError("thrown on purpose");
      case "linkage" -> throw new NoClassDefFoundError("thrown/on/purpose");
      case "recursion" -> recurse(0);
      case "throwable" -> TroublePlugin.<RuntimeException>sneak(new Throwable("on purpose"));
      case "liar" -> throw new Liar();
      case "interrupted" -> throw new InterruptedException("thrown on purpose");
      default -> throw new IllegalArgumentException(what);
    }
  }

  @SuppressWarnings("InfiniteRecursion") // A stack overflow is what it is for.
  private static int recurse(int depth) {
    return recurse(depth + 1) + 1;
  }

  @SuppressWarnings("unchecked")
  private static <E extends Throwable> void sneak(Throwable throwable) throws E {
    throw (E) throwable;
  }

  /** Fails again whoever asks it what failed. */
  private static final class Liar extends RuntimeException {
    private static final long serialVersionUID = 1;

    @Override
    public String getMessage() {
      throw new IllegalStateException("no message either");
    }

    @Override
    public String toString() {
      throw new IllegalStateException("no text either");
    }

    @Override
    public StackTraceElement[] getStackTrace() {
      throw new IllegalStateException("no trace either");
    }
  }
}
