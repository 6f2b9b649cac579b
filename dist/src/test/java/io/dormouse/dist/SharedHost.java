package io.dormouse.dist;

import io.dormouse.dist.conformance.ConformancePlugin;
import java.util.List;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives tests one host with the conformance plugin, started for the first that asks and stopped
 * after the last: what one test's clients do must not disturb those of another.
 */
final class SharedHost implements ParameterResolver {
  /** Heartbeats that a test can wait for; a web page's origin that may connect. */
  static final String CONFIGURATION =
      """
      dormouse:
        server:
          request-timeout: 2s
          idle-timeout: 4s
        engine:
          ping-interval: 500ms
          ping-timeout: 2s
          upgrade-timeout: 2s
          max-payload: 2000000
          cors-origins: http://friend.example
        socket:
          connect-timeout: 1s
      """;

  static DormouseProcess start(String configuration) {
    return DormouseProcess.start(
        0, PluginJar.folder("conformance", List.of(ConformancePlugin.class)), configuration);
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext extension) {
    return parameter.getParameter().getType() == DormouseProcess.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext extension) {
    return extension
        .getRoot()
        .getStore(ExtensionContext.Namespace.create(SharedHost.class))
        .computeIfAbsent(DormouseProcess.class, key -> start(CONFIGURATION), DormouseProcess.class);
  }
}
