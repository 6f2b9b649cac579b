package io.dormouse.host;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.LayoutBase;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import org.slf4j.event.KeyValuePair;

/**
 * A line for people: time, level, logger without its package, message, then the fields as {@code
 * key=value}. Control characters are escaped, so that nothing a client sends looks like a line of
 * the log.
 */
final class TextLayout extends LayoutBase<ILoggingEvent> {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(ZoneId.systemDefault());

  @Override
  public String doLayout(ILoggingEvent event) {
    StringBuilder line = new StringBuilder(128);
    TIME.formatTo(Instant.ofEpochMilli(event.getTimeStamp()), line);
    String level = event.getLevel().toString();
    line.append(' ').append(level).append(" ".repeat(6 - level.length()));
    line.append(event.getLoggerName().substring(event.getLoggerName().lastIndexOf('.') + 1));
    line.append("  ");
    escape(String.valueOf(event.getFormattedMessage()), line);
    if (event.getKeyValuePairs() != null) {
      for (KeyValuePair pair : event.getKeyValuePairs()) {
        field(pair.key, pair.value, line);
      }
    }
    for (Map.Entry<String, String> field : event.getMDCPropertyMap().entrySet()) {
      field(field.getKey(), field.getValue(), line);
    }
    line.append('\n');
    if (event.getThrowableProxy() != null) {
      line.append(ThrowableProxyUtil.asString(event.getThrowableProxy()));
    }
    return line.toString();
  }

  private static void field(String key, Object value, StringBuilder line) {
    line.append(' ').append(key).append('=');
    String text = String.valueOf(value);
    boolean quoted = text.isEmpty() || text.indexOf(' ') >= 0;
    if (quoted) {
      line.append('"');
    }
    escape(text, line);
    if (quoted) {
      line.append('"');
    }
  }

  private static void escape(String text, StringBuilder line) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= ' ' && c != 0x7f && c != 0x2028 && c != 0x2029 && !(c >= 0x80 && c < 0xa0)) {
        line.append(c);
      } else if (c == '\n') {
        line.append("\\n");
      } else {
        line.append("\\u%04x".formatted((int) c));
      }
    }
  }
}
