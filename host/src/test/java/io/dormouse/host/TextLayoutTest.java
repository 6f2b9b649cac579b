package io.dormouse.host;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.slf4j.event.KeyValuePair;

class TextLayoutTest {
  private final LoggerContext context = new LoggerContext();
  private final TextLayout layout = new TextLayout();

  @Test
  void showsTimeLevelLoggerAndMessage() {
    assertThat(layout.doLayout(event(Map.of(), null, "Connected {}", "now")))
        .matches("\\d\\d:\\d\\d:\\d\\d\\.\\d{3} INFO  EngineServer  Connected now\n");
  }

  @Test
  void showsFieldsBehindTheMessage() {
    LoggingEvent event = event(Map.of("plugin", "chat"), null, "Disconnected");
    event.addKeyValuePair(new KeyValuePair("session", "a1b2"));
    event.addKeyValuePair(new KeyValuePair("reason", "transport close"));
    event.addKeyValuePair(new KeyValuePair("nothing", null));
    assertThat(layout.doLayout(event))
        .endsWith(
            "EngineServer  Disconnected session=a1b2 reason=\"transport close\" nothing=null"
                + " plugin=chat\n");
  }

  @Test
  void keepsWhatAClientSendsOnOneLine() {
    LoggingEvent event =
        event(Map.of(), null, "Namespace {}", "/a\n12:00:00.000 INFO  Admin  You are root");
    event.addKeyValuePair(new KeyValuePair("origin", "\u001b[31mx\r\u0085\u2028"));
    assertThat(layout.doLayout(event))
        .containsOnlyOnce("\n")
        .endsWith(
            "/a\\n12:00:00.000 INFO  Admin  You are root"
                + " origin=\\u001b[31mx\\u000d\\u0085\\u2028\n");
  }

  @Test
  void showsAStackTrace() {
    LoggingEvent event = event(Map.of(), new IllegalStateException("why"), "Failed");
    assertThat(layout.doLayout(event))
        .contains("INFO  EngineServer  Failed\njava.lang.IllegalStateException: why")
        .contains("at " + getClass().getName());
  }

  private LoggingEvent event(
      Map<String, String> mdc, Throwable thrown, String message, Object... arguments) {
    LoggingEvent event =
        new LoggingEvent(
            getClass().getName(),
            context.getLogger("io.dormouse.host.engine.EngineServer"),
            Level.INFO,
            message,
            thrown,
            arguments);
    event.setMDCPropertyMap(mdc);
    return event;
  }
}
