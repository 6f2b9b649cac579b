package io.dormouse.host;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import org.slf4j.event.Level;

/**
 * The live log, on standard output.
 *
 * @param format text for people, or one JSON object a line
 * @param level the least that is shown
 */
@ConfigurationProperties("dormouse.log")
record LogSettings(
    @Bindable(defaultValue = "text") Format format, @Bindable(defaultValue = "info") Level level) {
  enum Format {
    TEXT,
    JSON
  }
}
