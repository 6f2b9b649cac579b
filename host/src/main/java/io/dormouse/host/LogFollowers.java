package io.dormouse.host;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import io.dormouse.host.admin.LogLine;
import io.dormouse.host.admin.LogLines;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.event.KeyValuePair;

/**
 * Hands the log to those who follow it from elsewhere. As text only: an exception would keep the
 * classes of its plugin alive.
 */
final class LogFollowers extends UnsynchronizedAppenderBase<ILoggingEvent> {
  private static final int MOST_CHARACTERS = 8192;

  private final LogLines lines;

  LogFollowers(LogLines lines) {
    this.lines = lines;
  }

  @Override
  protected void append(ILoggingEvent event) {
    Map<String, String> fields = new TreeMap<>(event.getMDCPropertyMap());
    if (event.getKeyValuePairs() != null) {
      for (KeyValuePair pair : event.getKeyValuePairs()) {
        fields.put(pair.key, cut(String.valueOf(pair.value)));
      }
    }
    String plugin = fields.remove("plugin");
    lines.append(
        new LogLine(
            Instant.ofEpochMilli(event.getTimeStamp()),
            event.getLevel().toString(),
            event.getLoggerName(),
            cut(String.valueOf(event.getFormattedMessage())),
            plugin,
            fields,
            event.getThrowableProxy() == null
                ? null
                : cut(ThrowableProxyUtil.asString(event.getThrowableProxy()))));
  }

  private static String cut(String text) {
    return text.length() <= MOST_CHARACTERS ? text : text.substring(0, MOST_CHARACTERS) + "…";
  }
}
