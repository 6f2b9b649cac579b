package io.dormouse.host;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Keys {@code <prefix>.<id>.<key>} whose ids the host does not know beforehand: those of plugins,
 * of tokens and of hooks.
 */
final class ConfigurationGroup {
  private final String prefix;
  private final String variablePrefix;
  private final Map<String, Object> values = new TreeMap<>();
  private final Map<String, String> variables = new TreeMap<>();

  /**
   * @param prefix such as {@code dormouse.plugin}
   */
  ConfigurationGroup(String prefix) {
    this.prefix = prefix + ".";
    variablePrefix = variable(this.prefix);
  }

  /** Takes a value, if it is one of these. */
  boolean set(String name, Object value) {
    boolean ours = name.startsWith(prefix) && name.indexOf('.', prefix.length()) > prefix.length();
    if (ours) {
      values.put(name.substring(prefix.length()), value);
    }
    return ours;
  }

  /** Takes an environment variable, if it is one of these. */
  boolean setVariable(String variable, String value) {
    boolean ours = variable.startsWith(variablePrefix);
    if (ours) {
      variables.put(variable.substring(variablePrefix.length()), value);
    }
    return ours;
  }

  /** What is set for one id, by key. */
  Map<String, Object> of(String id) {
    Map<String, Object> found = new LinkedHashMap<>();
    String dotted = id + ".";
    values.forEach(
        (name, value) -> {
          if (name.startsWith(dotted)) {
            found.put(name.substring(dotted.length()), value);
          }
        });
    String start = variable(dotted);
    variables.forEach(
        (variable, value) -> {
          if (variable.startsWith(start)) {
            found.put(key(variable.substring(start.length())), value);
          }
        });
    return found;
  }

  /** What is set for all ids, where an id and a key are one word each, which may have dashes. */
  Map<String, Map<String, Object>> all() {
    Map<String, Map<String, Object>> all = new TreeMap<>();
    values.forEach(
        (name, value) -> {
          int dot = name.indexOf('.');
          put(all, name.substring(0, dot), name.substring(dot + 1), value);
        });
    variables.forEach(
        (variable, value) -> {
          int last = variable.lastIndexOf('_');
          put(
              all,
              key(variable.substring(0, Math.max(last, 0))),
              key(variable.substring(last + 1)),
              value);
        });
    return all;
  }

  private static void put(
      Map<String, Map<String, Object>> all, String id, String key, Object value) {
    all.computeIfAbsent(id, _ -> new LinkedHashMap<>()).put(key, value);
  }

  private static String variable(String name) {
    return name.toUpperCase(Locale.ROOT).replace('-', '_').replace('.', '_');
  }

  private static String key(String variable) {
    return variable.toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
