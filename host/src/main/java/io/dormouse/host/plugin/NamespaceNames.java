package io.dormouse.host.plugin;

import static io.dormouse.host.plugin.PluginErrorCode.PLUGIN_BAD_NAMESPACE;

import io.dormouse.host.namespace.NamespacePattern;
import java.util.regex.Pattern;

/** What a namespace, or a pattern of namespaces, may be called. */
final class NamespaceNames {
  /** A comma ends a namespace on the wire, a question mark begins its query. */
  private static final Pattern ALLOWED = Pattern.compile("/[^\\s,?\\p{Cntrl}]*");

  private NamespaceNames() {}

  /**
   * Checks an exact name.
   *
   * @throws PluginRefused when it is none
   */
  static void checkName(String name) {
    checkCharacters(name);
    if (NamespacePattern.isPattern(name)) {
      throw bad("Namespace '" + name + "' is a pattern; register it with namespaces(…)");
    }
  }

  /**
   * Checks a pattern.
   *
   * @throws PluginRefused when it is none
   */
  static void checkPattern(String pattern) {
    checkCharacters(pattern);
    try {
      NamespacePattern.of(pattern);
    } catch (IllegalArgumentException none) {
      throw bad(String.valueOf(none.getMessage()));
    }
  }

  private static void checkCharacters(String name) {
    if (!ALLOWED.matcher(name).matches()) {
      throw bad(
          "Namespace '"
              + Failure.oneLine(name)
              + "' must begin with / and have no comma, question mark or space");
    }
  }

  private static PluginRefused bad(String reason) {
    return new PluginRefused(PLUGIN_BAD_NAMESPACE, reason);
  }
}
