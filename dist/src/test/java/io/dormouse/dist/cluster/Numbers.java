package io.dormouse.dist.cluster;

import io.dormouse.api.Namespace;
import io.dormouse.api.On;
import io.dormouse.api.PluginContext;
import io.dormouse.api.Socket;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** Broadcasts that are numbered, so that receivers see what is lost, doubled or out of order. */
final class Numbers {
  private static final Duration TICK = Duration.ofMillis(10);

  private final PluginContext context;
  private final Namespace cluster;

  Numbers(PluginContext context, Namespace cluster) {
    this.context = context;
    this.cluster = cluster;
  }

  /** Answers the number that the same socket sent before; 0 for the first. */
  @On("number")
  int number(Socket socket, int number) {
    Integer before = socket.data().get("number", Integer.class);
    socket.data().put("number", number);
    return before == null ? 0 : before;
  }

  /**
   * Counts from 1 to last; odd numbers go to everybody and even ones to the room {@code even},
   * which is another channel.
   *
   * @param from who counts; tells several apart
   * @param each how many at a time, 100 times a second
   */
  @On("count")
  void count(String from, int last, int each) {
    AtomicInteger number = new AtomicInteger();
    context.every(
        "count-" + from,
        TICK,
        () -> {
          for (int i = 0; i < each && number.get() < last; i++) {
            int next = number.incrementAndGet();
            (next % 2 == 0 ? cluster.to("even") : cluster).emit("number", from, next);
          }
        });
  }
}
