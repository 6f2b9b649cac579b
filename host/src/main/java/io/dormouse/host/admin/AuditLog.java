package io.dormouse.host.admin;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/** One line for each change that somebody asked for, made or refused. */
final class AuditLog {
  private static final Logger LOG = LoggerFactory.getLogger("dormouse.audit");

  private AuditLog() {}

  /**
   * @param who the token's name, or {@code loopback}
   * @param digest SHA-256 of the JAR in hex; null for a change without one
   * @param result a status, or the code of the refusal
   */
  static void log(String who, String what, @Nullable String digest, String result) {
    LoggingEventBuilder line = LOG.atInfo().addKeyValue("who", who).addKeyValue("what", what);
    if (digest != null) {
      line = line.addKeyValue("digest", digest);
    }
    line.addKeyValue("result", result).log("Change");
  }
}
