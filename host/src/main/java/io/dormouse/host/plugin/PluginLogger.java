package io.dormouse.host.plugin;

import java.text.MessageFormat;
import java.util.ResourceBundle;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/** A plugin's logger: SLF4J's {@code plugin.<id>}, each line with the key {@code plugin}. */
final class PluginLogger implements System.Logger {
  private final String pluginId;
  private final org.slf4j.Logger log;

  PluginLogger(String pluginId) {
    this.pluginId = pluginId;
    this.log = LoggerFactory.getLogger("plugin." + pluginId);
  }

  @Override
  public String getName() {
    return log.getName();
  }

  @Override
  public boolean isLoggable(Level level) {
    return level != Level.OFF && log.isEnabledForLevel(slf4j(level));
  }

  @Override
  public void log(
      Level level,
      @Nullable ResourceBundle bundle,
      @Nullable String message,
      @Nullable Throwable thrown) {
    if (isLoggable(level)) {
      line(level).setCause(thrown).log(translated(bundle, message));
    }
  }

  @Override
  public void log(
      Level level,
      @Nullable ResourceBundle bundle,
      @Nullable String format,
      @Nullable Object @Nullable ... values) {
    if (isLoggable(level)) {
      String text = translated(bundle, format);
      line(level)
          .log(values == null || values.length == 0 ? text : MessageFormat.format(text, values));
    }
  }

  private LoggingEventBuilder line(Level level) {
    return log.atLevel(slf4j(level)).addKeyValue("plugin", pluginId);
  }

  private static String translated(@Nullable ResourceBundle bundle, @Nullable String message) {
    return bundle != null && message != null && bundle.containsKey(message)
        ? bundle.getString(message)
        : String.valueOf(message);
  }

  private static org.slf4j.event.Level slf4j(Level level) {
    return switch (level) {
      case ALL, TRACE -> org.slf4j.event.Level.TRACE;
      case DEBUG -> org.slf4j.event.Level.DEBUG;
      case INFO -> org.slf4j.event.Level.INFO;
      case WARNING -> org.slf4j.event.Level.WARN;
      case ERROR, OFF -> org.slf4j.event.Level.ERROR;
    };
  }
}
