package io.dormouse.host;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import io.dormouse.host.admin.LogLines;
import java.nio.charset.StandardCharsets;
import java.util.logging.Level;
import net.logstash.logback.encoder.LogstashEncoder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/** Sets the live log up in code: quicker than reading XML at each start. */
final class LogSetup {
  private static final Logger LOG = LoggerFactory.getLogger(LogSetup.class);

  /** Kept, since {@code java.util.logging} holds its loggers weakly. */
  private static final java.util.logging.Logger HELIDON =
      java.util.logging.Logger.getLogger("io.helidon");

  private static final LogLines LINES = new LogLines();

  private LogSetup() {}

  /** What is logged, for those who follow it from elsewhere. */
  static LogLines lines() {
    return LINES;
  }

  /** Text at level INFO, until the configuration is known. */
  static void start() {
    apply(new LogSettings(LogSettings.Format.TEXT, org.slf4j.event.Level.INFO));
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, failure) -> LOG.error("Thread '{}' failed", thread.getName(), failure));
  }

  static void apply(LogSettings settings) {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.reset();
    ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
    console.setContext(context);
    Encoder<ILoggingEvent> encoder =
        settings.format() == LogSettings.Format.JSON ? new LogstashEncoder() : text(context);
    encoder.setContext(context);
    encoder.start();
    console.setEncoder(encoder);
    console.start();

    ch.qos.logback.classic.Level level =
        ch.qos.logback.classic.Level.convertAnSLF4JLevel(settings.level());
    context.getLogger("ROOT").addAppender(console);
    LogFollowers followers = new LogFollowers(LINES);
    followers.setContext(context);
    followers.start();
    context.getLogger("ROOT").addAppender(followers);
    context.getLogger("ROOT").setLevel(level);
    // What was changed, and by whom, is written down at any level.
    context.getLogger("dormouse.audit").setLevel(ch.qos.logback.classic.Level.INFO);
    // Helidon warns, with a stack trace, of whatever a client may send. What counts is logged by
    // us.
    boolean quiet = level.isGreaterOrEqual(ch.qos.logback.classic.Level.INFO);
    context.getLogger("io.helidon").setLevel(quiet ? ch.qos.logback.classic.Level.ERROR : level);
    HELIDON.setLevel(quiet ? Level.SEVERE : Level.ALL);
    // Below WARN it prints every bean, settings and passwords among them.
    context.getLogger("io.micronaut").setLevel(ch.qos.logback.classic.Level.WARN);
    context.getLogger("org.pf4j").setLevel(quiet ? ch.qos.logback.classic.Level.WARN : level);
    // The backplane says itself when Redis is away; Redisson does for each connection and ping.
    context.getLogger("org.redisson").setLevel(quiet ? ch.qos.logback.classic.Level.OFF : level);
    context.getLogger("io.netty").setLevel(quiet ? ch.qos.logback.classic.Level.OFF : level);
    // A failed bind is reported by the host itself, with what to do about it.
    context.getLogger("io.helidon.webserver.LoomServer").setLevel(ch.qos.logback.classic.Level.OFF);
  }

  private static Encoder<ILoggingEvent> text(LoggerContext context) {
    TextLayout layout = new TextLayout();
    layout.setContext(context);
    layout.start();
    LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
    encoder.setCharset(StandardCharsets.UTF_8);
    encoder.setLayout(layout);
    return encoder;
  }
}
