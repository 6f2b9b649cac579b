package io.dormouse.host.plugin;

import org.jspecify.annotations.Nullable;

/**
 * One thing outside of a plugin that keeps its classes in memory. Refers to them, so it may live in
 * local variables only.
 *
 * @param text for people, such as {@code MBean com.x:type=Poller}
 * @param ending undoes it; null when nothing can
 * @param passing may go by itself in a moment, and is worth no word then
 */
record Leftover(String text, @Nullable Ending ending, boolean passing) {

  Leftover(String text, @Nullable Ending ending) {
    this(text, ending, false);
  }

  /** Undoes a leftover. */
  interface Ending {
    void start() throws Exception;

    /** Whether it is undone; may wait until then, a thread's end takes a moment. */
    default boolean done(long millis) throws InterruptedException {
      return true;
    }
  }
}
