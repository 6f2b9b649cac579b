package io.dormouse.host.admin;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Headers;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code Content-Digest} (RFC 9530): a dictionary of byte sequences as RFC 9651 writes them,
 * by algorithm.
 */
final class ContentDigest {
  private static final HeaderName NAME = HeaderNames.create("Content-Digest");
  private static final String SHA_256 = "sha-256";
  private static final int SHA_256_BYTES = 32;

  private static final String KEY = "[a-z*][a-z0-9_.*-]*";
  private static final String BYTES = ":[A-Za-z0-9+/=]*:";

  /** Bare items of RFC 9651, which a parameter may have. */
  private static final String ITEM =
      "\"(?:[ !#-\\[\\]-~]|\\\\[\"\\\\])*\""
          + "|[A-Za-z*][A-Za-z0-9!#$%&'*+.^_`|~:/-]*"
          + "|@?-?[0-9]{1,15}(?:\\.[0-9]{1,3})?"
          + "|\\?[01]|"
          + BYTES;

  private static final Pattern MEMBER =
      Pattern.compile(
          "(?<key>%s)=(?<bytes>%s)(?:; *%s(?:=(?:%s))?)*".formatted(KEY, BYTES, KEY, ITEM));

  private static final Pattern COMMA = Pattern.compile("[ \\t]*,[ \\t]*(?=.)");

  private ContentDigest() {}

  /**
   * @return the SHA-256 in lower-case hex; null without the header
   * @throws Problem when it is malformed or names no SHA-256
   */
  static @Nullable String sha256(Headers headers) {
    List<String> values = headers.all(NAME, List::of);
    if (values.isEmpty()) {
      return null;
    }
    byte[] digest = dictionary(String.join(", ", values).strip()).get(SHA_256);
    if (digest == null) {
      throw bad("Content-Digest names no sha-256, which is the one that is checked here");
    }
    if (digest.length != SHA_256_BYTES) {
      throw bad(
          "Content-Digest has a sha-256 of %d bytes; there are %d"
              .formatted(digest.length, SHA_256_BYTES));
    }
    return HexFormat.of().formatHex(digest);
  }

  /** Of a key that comes twice the last one counts, as RFC 9651 says. */
  private static Map<String, byte[]> dictionary(String text) {
    Map<String, byte[]> dictionary = new HashMap<>();
    Matcher member = MEMBER.matcher(text);
    Matcher comma = COMMA.matcher(text);
    int at = 0;
    while (true) {
      if (!member.region(at, text.length()).lookingAt()) {
        throw malformed();
      }
      String bytes = member.group("bytes");
      try {
        dictionary.put(
            member.group("key"),
            Base64.getDecoder().decode(bytes.substring(1, bytes.length() - 1)));
      } catch (IllegalArgumentException noBase64) {
        throw malformed();
      }
      if (member.end() == text.length()) {
        return dictionary;
      }
      if (!comma.region(member.end(), text.length()).lookingAt()) {
        throw malformed();
      }
      at = comma.end();
    }
  }

  private static Problem malformed() {
    return bad("Content-Digest must look like sha-256=:<base64>: (RFC 9530)");
  }

  private static Problem bad(String detail) {
    return new Problem(AdminErrorCode.ADMIN_BAD_HEADER, detail);
  }
}
