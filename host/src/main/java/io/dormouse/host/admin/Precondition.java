package io.dormouse.host.admin;

import io.helidon.http.HeaderNames;
import io.helidon.http.Headers;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What {@code If-Match} demands (RFC 9110, 13.1.1), so that of two deployers who saw the same
 * version the second does not overwrite what the first has put there. A plugin's entity tag is the
 * digest of the JAR that is wanted.
 */
final class Precondition {
  private static final String ANY = "*";

  /** RFC 9110, 8.8.3. */
  private static final Pattern TAG = Pattern.compile("(W/)?\"([\\x21\\x23-\\x7e]*)\"");

  private static final Pattern SEPARATOR = Pattern.compile("[ \\t]*(,[ \\t]*)+|[ \\t]*$");

  private final boolean any;

  /** Strong tags; null when none is demanded. */
  private final @Nullable Set<String> tags;

  private Precondition(boolean any, @Nullable Set<String> tags) {
    this.any = any;
    this.tags = tags;
  }

  /**
   * @throws Problem when the header is malformed
   */
  static Precondition of(Headers headers) {
    List<String> values = headers.all(HeaderNames.IF_MATCH, List::of);
    if (values.isEmpty()) {
      return new Precondition(false, null);
    }
    String value = String.join(",", values).strip();
    if (value.equals(ANY)) {
      return new Precondition(true, null);
    }
    Set<String> tags = new HashSet<>();
    Matcher tag = TAG.matcher(value);
    Matcher separator = SEPARATOR.matcher(value);
    int at = 0;
    while (at < value.length() || tags.isEmpty()) {
      if (!tag.region(at, value.length()).lookingAt()
          || !separator.region(tag.end(), value.length()).lookingAt()) {
        throw new Problem(
            AdminErrorCode.ADMIN_BAD_HEADER,
            "If-Match must be the ETag that the plugin was shown with, in its quotes, or *");
      }
      tags.add(tag.group(1) == null ? tag.group(2) : tag.group()); // a weak one is no digest
      at = separator.end();
    }
    return new Precondition(false, tags);
  }

  /** The entity tag of a digest. */
  static String tag(String digest) {
    return '"' + digest + '"';
  }

  /**
   * @param digest of the JAR that is wanted; null for none
   * @throws Problem when it is another one than was demanded
   */
  void check(String pluginId, @Nullable String digest) {
    boolean met = any ? digest != null : tags == null || (digest != null && tags.contains(digest));
    if (met) {
      return;
    }
    throw new Problem(
        AdminErrorCode.ADMIN_CHANGED,
        digest == null
            ? "Plugin '" + pluginId + "' has no JAR, so no If-Match can be met"
            : "Plugin '%s' has the ETag \"%s\" now, which If-Match does not name; look at it again"
                .formatted(pluginId, digest));
  }
}
