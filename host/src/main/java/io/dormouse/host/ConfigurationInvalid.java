package io.dormouse.host;

import java.util.List;

/** The configuration cannot be used; the message lists everything that is wrong with it. */
final class ConfigurationInvalid extends RuntimeException {
  ConfigurationInvalid(List<String> problems) {
    super(
        problems.size()
            + (problems.size() == 1 ? " configuration problem: " : " configuration problems: ")
            + String.join("; ", problems)
            + ". ["
            + HostErrorCode.CONFIG_INVALID
            + "]");
  }
}
