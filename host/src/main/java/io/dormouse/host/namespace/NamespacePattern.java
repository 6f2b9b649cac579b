package io.dormouse.host.namespace;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A pattern of namespace names such as {@code /tenant-{name}}. */
public final class NamespacePattern {
  private static final Pattern PARAMETER = Pattern.compile("\\{([^{}]*)}");
  private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9]*");

  private final String text;
  private final Pattern regex;
  private final List<String> parameters;

  private NamespacePattern(String text, Pattern regex, List<String> parameters) {
    this.text = text;
    this.regex = regex;
    this.parameters = parameters;
  }

  /** Whether a namespace's name is a pattern. */
  public static boolean isPattern(String name) {
    return name.indexOf('{') >= 0 || name.indexOf('}') >= 0;
  }

  /**
   * Reads a pattern.
   *
   * @throws IllegalArgumentException when it is none, and says why
   */
  public static NamespacePattern of(String text) {
    StringBuilder regex = new StringBuilder();
    List<String> parameters = new ArrayList<>();
    Matcher matcher = PARAMETER.matcher(text);
    int end = 0;
    while (matcher.find()) {
      String name = matcher.group(1);
      if (!NAME.matcher(name).matches() || parameters.contains(name)) {
        throw new IllegalArgumentException(
            "Pattern '"
                + text
                + "' has a parameter '"
                + name
                + "'; each needs its own name of letters and digits");
      }
      if (end > 0 && matcher.start() == end) {
        throw new IllegalArgumentException(
            "Pattern '" + text + "' has two parameters side by side; put some text between them");
      }
      parameters.add(name);
      regex.append(Pattern.quote(text.substring(end, matcher.start()))).append("([^/]+?)");
      end = matcher.end();
    }
    String rest = text.substring(end);
    if (parameters.isEmpty() || isPattern(rest) || !text.startsWith("/")) {
      throw new IllegalArgumentException(
          "Pattern '"
              + text
              + "' is none; it begins with / and has parameters such as /tenant-{name}");
    }
    return new NamespacePattern(
        text,
        Pattern.compile(regex.append(Pattern.quote(rest)).toString()),
        List.copyOf(parameters));
  }

  /** Whether a name fits a pattern; false when that is none. */
  public static boolean matches(String pattern, String name) {
    try {
      return of(pattern).match(name) != null;
    } catch (IllegalArgumentException none) {
      return false;
    }
  }

  String text() {
    return text;
  }

  /** What the parameters stand for in a name; null when the name does not fit. */
  @Nullable Map<String, String> match(String name) {
    Matcher matcher = regex.matcher(name);
    if (!matcher.matches()) {
      return null;
    }
    Map<String, String> values = new LinkedHashMap<>();
    for (int i = 0; i < parameters.size(); i++) {
      values.put(parameters.get(i), matcher.group(i + 1));
    }
    return Map.copyOf(values);
  }

  /**
   * Whether some name may fit both: the fixed beginnings agree as far as the shorter goes, and so
   * do the fixed ends. May say yes where no such name exists, never no where one does.
   */
  boolean overlaps(NamespacePattern other) {
    String begin = text.substring(0, text.indexOf('{'));
    String otherBegin = other.text.substring(0, other.text.indexOf('{'));
    String end = text.substring(text.lastIndexOf('}') + 1);
    String otherEnd = other.text.substring(other.text.lastIndexOf('}') + 1);
    return slashes() == other.slashes()
        && (begin.startsWith(otherBegin) || otherBegin.startsWith(begin))
        && (end.endsWith(otherEnd) || otherEnd.endsWith(end));
  }

  private long slashes() {
    return text.chars().filter(c -> c == '/').count();
  }
}
