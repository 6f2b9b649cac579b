package io.dormouse.host.plugin;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tells in one line what a plugin's code threw. Only the text may be kept: a Throwable holds the
 * classes on its stack, even one of the JDK's.
 */
final class Failure {
  private static final int MAX_MESSAGE = 300;
  private static final int MAX_CAUSES = 3;
  private static final int MAX_FRAMES = 3;
  private static final String REFLECTION =
      "(jdk\\.internal\\.|java\\.lang\\.reflect\\.).*|java\\.lang\\.Class";

  private Failure() {}

  /** Class, message, causes and the top frames: {@code IllegalStateException 'boom' at …}. */
  static String text(Throwable thrown) {
    try {
      List<String> links = new ArrayList<>();
      Throwable last = thrown;
      for (Throwable t = thrown; t != null && links.size() <= MAX_CAUSES; t = t.getCause()) {
        links.add(link(t));
        last = t;
      }
      return String.join(", caused by ", links) + frames(last);
    } catch (RuntimeException | StackOverflowError spoilt) {
      return thrown.getClass().getName(); // its own getMessage or getCause failed
    }
  }

  private static String link(Throwable thrown) {
    String simple = thrown.getClass().getSimpleName();
    String name = simple.isEmpty() ? thrown.getClass().getName() : simple; // of an anonymous class
    String message = thrown.getMessage();
    return message == null ? name : name + " '" + oneLine(message) + "'";
  }

  /** Down to the host's own frames, which tell nothing about the plugin. */
  private static String frames(Throwable thrown) {
    List<String> frames =
        Arrays.stream(thrown.getStackTrace())
            .takeWhile(frame -> !frame.getClassName().startsWith("io.dormouse.host."))
            .filter(frame -> !frame.getClassName().matches(REFLECTION))
            .limit(MAX_FRAMES)
            .map(Failure::frame)
            .toList();
    return frames.isEmpty() ? "" : " at " + String.join(" < ", frames);
  }

  private static String frame(StackTraceElement frame) {
    String name = frame.getClassName() + "." + frame.getMethodName();
    return frame.getLineNumber() < 0 ? name : name + ":" + frame.getLineNumber();
  }

  static String oneLine(@Nullable String text) {
    String line = String.valueOf(text).replaceAll("\\s+", " ").strip();
    return line.length() <= MAX_MESSAGE ? line : line.substring(0, MAX_MESSAGE) + "…";
  }
}
