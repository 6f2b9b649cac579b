package io.dormouse.host.hook;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Which events a hook is told of: {@code plugin.replaced}, {@code plugin.*} or {@code *}. */
final class TypeFilter {
  private final List<String> patterns;
  private final Set<HookEvent.Type> types = EnumSet.noneOf(HookEvent.Type.class);

  /**
   * @throws IllegalArgumentException with the pattern that no event fits
   */
  TypeFilter(List<String> patterns) {
    this.patterns = List.copyOf(patterns);
    for (String pattern : patterns) {
      List<HookEvent.Type> fitting =
          Arrays.stream(HookEvent.Type.values()).filter(type -> fits(pattern, type)).toList();
      if (fitting.isEmpty()) {
        throw new IllegalArgumentException(pattern);
      }
      types.addAll(fitting);
    }
  }

  private static boolean fits(String pattern, HookEvent.Type type) {
    String text = type.toString();
    return pattern.equals("*")
        || pattern.equals(text)
        || (pattern.endsWith(".*") && text.startsWith(pattern.substring(0, pattern.length() - 1)));
  }

  boolean has(HookEvent.Type type) {
    return types.contains(type);
  }

  /** As configured. */
  List<String> patterns() {
    return patterns;
  }

  static String allTypes() {
    return Arrays.stream(HookEvent.Type.values())
        .map(HookEvent.Type::toString)
        .collect(Collectors.joining(", "));
  }
}
