package io.dormouse.host.backplane;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.redisson.client.RedisTimeoutException;

/** What to say of a failed call of Redis: Redisson's messages may have the payload in them. */
final class Outage {
  private static final int LONGEST = 160;

  private Outage() {}

  static String reason(Throwable failure) {
    Throwable cause = failure;
    while ((cause instanceof CompletionException || cause instanceof ExecutionException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause instanceof RedisTimeoutException) {
      return "it does not answer in time";
    }
    String message = cause.getMessage() == null ? "" : cause.getMessage();
    message = message.split("\\R|[ .,;:]*(channel|command|params|node source): ", 2)[0].strip();
    message = message.length() > LONGEST ? message.substring(0, LONGEST) : message;
    return message.isEmpty() ? cause.getClass().getSimpleName() : message;
  }
}
