package io.dormouse.host.hook;

import java.util.concurrent.CompletableFuture;

/**
 * One event on its way to one hook.
 *
 * @param isQuestion whether a 409 is an answer
 * @param expires when it is given up, by {@link System#nanoTime}
 * @param answer the last one, when it was taken, vetoed or given up
 */
record Delivery(
    String id,
    HookEvent event,
    byte[] body,
    boolean isQuestion,
    long expires,
    CompletableFuture<Answer> answer) {
  String subject() {
    return event.subject();
  }
}
