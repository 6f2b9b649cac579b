package io.dormouse.host.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import java.util.ListResourceBundle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class PluginLoggerTest {
  private final Logger behind = (Logger) LoggerFactory.getLogger("plugin.chat");
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private final System.Logger log = new PluginLogger("chat");

  @BeforeEach
  void listen() {
    lines.start();
    behind.addAppender(lines);
    behind.setLevel(ch.qos.logback.classic.Level.INFO);
  }

  @AfterEach
  void detach() {
    behind.detachAppender(lines);
    behind.setLevel(null);
  }

  private List<String> texts() {
    return lines.list.stream()
        .map(line -> line.getLevel() + " " + line.getFormattedMessage())
        .toList();
  }

  @Test
  void carriesThePluginsIdInEachLine() {
    log.log(System.Logger.Level.INFO, "started");

    assertThat(log.getName()).isEqualTo("plugin.chat");
    assertThat(lines.list.getFirst().getLoggerName()).isEqualTo("plugin.chat");
    assertThat(lines.list.getFirst().getKeyValuePairs().toString()).isEqualTo("[plugin=\"chat\"]");
  }

  @Test
  void formatsOnlyWithValues() {
    log.log(System.Logger.Level.WARNING, "{0} of {1}", 1, 2);
    log.log(System.Logger.Level.ERROR, "it's {0}");
    log.log(System.Logger.Level.INFO, "{} stays", new Object[0]);

    assertThat(texts()).containsExactly("WARN 1 of 2", "ERROR it's {0}", "INFO {} stays");
  }

  @Test
  void logsWhatWasThrown() {
    log.log(System.Logger.Level.ERROR, "failed", new IllegalStateException("boom"));

    assertThat(lines.list.getFirst().getThrowableProxy().getMessage()).isEqualTo("boom");
  }

  @Test
  void translatesByBundle() {
    var bundle =
        new ListResourceBundle() {
          @Override
          protected Object[][] getContents() {
            return new Object[][] {{"hello", "Guten Tag {0}"}};
          }
        };
    log.log(System.Logger.Level.INFO, bundle, "hello", "Ada");

    assertThat(texts()).containsExactly("INFO Guten Tag Ada");
  }

  @Test
  void knowsWhichLevelsAreOn() {
    assertThat(log.isLoggable(System.Logger.Level.INFO)).isTrue();
    assertThat(log.isLoggable(System.Logger.Level.DEBUG)).isFalse();
    assertThat(log.isLoggable(System.Logger.Level.OFF)).isFalse();
    log.log(System.Logger.Level.TRACE, "no");
    assertThat(texts()).isEmpty();
  }
}
