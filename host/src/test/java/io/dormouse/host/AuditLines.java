package io.dormouse.host;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.slf4j.LoggerFactory;

/** What the audit log has got since this was made. */
final class AuditLines implements AutoCloseable {
  private final Logger logger = (Logger) LoggerFactory.getLogger("dormouse.audit");
  private final ListAppender<ILoggingEvent> appender = new ListAppender<>();

  AuditLines() {
    appender.start();
    logger.addAppender(appender);
  }

  /**
   * Waits for as many, since an answer can be there before its line is: each as its values, who,
   * what, digest if there is one, result.
   */
  List<String> seen(int count) {
    Awaitility.await().until(() -> appender.list.size() >= count);
    return seen();
  }

  private List<String> seen() {
    return List.copyOf(appender.list).stream()
        .map(
            event ->
                event.getKeyValuePairs().stream()
                    .map(pair -> String.valueOf(pair.value))
                    .collect(Collectors.joining(" | ")))
        .toList();
  }

  @Override
  public void close() {
    logger.detachAppender(appender);
  }
}
