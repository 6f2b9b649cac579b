package io.dormouse.host.admin;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.util.ArrayList;
import java.util.List;

/**
 * The admin listener.
 *
 * @param enabled false for no admin listener at all
 * @param port where operators ask; 0 takes a free one
 * @param bind the address to listen on; on loopback, requests of web pages are refused
 */
@ConfigurationProperties("dormouse.admin")
public record AdminSettings(
    @Bindable(defaultValue = "true") boolean enabled,
    @Bindable(defaultValue = "9090") int port,
    @Bindable(defaultValue = "127.0.0.1") String bind) {

  /** What is wrong with these settings, one sentence each; empty when nothing is. */
  public List<String> problems() {
    List<String> problems = new ArrayList<>();
    if (port < 0 || port > 65_535) {
      problems.add("dormouse.admin.port must be between 0 and 65535, was " + port);
    }
    if (bind.isBlank()) {
      problems.add("dormouse.admin.bind must be an address such as 127.0.0.1, was empty");
    }
    return problems;
  }
}
