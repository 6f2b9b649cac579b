package io.dormouse.host.plugin;

import static io.dormouse.host.plugin.PluginErrorCode.PLUGIN_BAD_NAMESPACE;

import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a namespace, or a pattern of namespaces, may be called. */
final class NamespaceNames {
  /** A comma ends a namespace on the wire, a question mark begins its query. */
  private static final Pattern NAME = Pattern.compile("/[^\\s,?{}\\p{Cntrl}]*");

  private static final Pattern PARAMETER = Pattern.compile("\\{([^{}]*)}");
  private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  private NamespaceNames() {}

  static void checkName(String name) {
    if (name.indexOf('{') >= 0 && name.startsWith("/")) {
      throw bad("namespace '%s' is a pattern; register it with namespaces(…)", name);
    }
    if (!NAME.matcher(name).matches()) {
      throw bad(
          "namespace '%s' must begin with '/' and have no comma, question mark, brace or space",
          name);
    }
  }

  static void checkPattern(String pattern) {
    Set<String> parameters = new HashSet<>();
    Matcher matcher = PARAMETER.matcher(pattern);
    int end = -1;
    while (matcher.find()) {
      String parameter = matcher.group(1);
      if (!IDENTIFIER.matcher(parameter).matches()) {
        throw bad("pattern '%s' has a parameter that is no identifier such as {name}", pattern);
      }
      if (!parameters.add(parameter)) {
        throw bad("pattern '%s' has two parameters of one name", pattern);
      }
      if (matcher.start() == end) {
        throw bad("pattern '%s' has two parameters with nothing between them", pattern);
      }
      end = matcher.end();
    }
    if (parameters.isEmpty()) {
      throw bad("pattern '%s' has no parameter such as {name}; use namespace(…)", pattern);
    }
    if (!NAME.matcher(matcher.replaceAll("x")).matches()) {
      throw bad(
          "pattern '%s' must begin with '/', close its braces and have no comma, question mark or"
              + " space",
          pattern);
    }
  }

  private static PluginRefused bad(String text, String name) {
    return new PluginRefused(PLUGIN_BAD_NAMESPACE, text.formatted(Failure.oneLine(name)));
  }
}
