package io.dormouse.host.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The tokens that callers of the admin listener may show, {@code dormouse.admin.tokens.<name>.*}.
 * Several may be valid at a time, so that one can be replaced by another. Only their digests are
 * kept.
 */
public final class AdminTokens {
  /** As many as 16 random bytes have in hex; shorter ones can be guessed. */
  private static final int LEAST_CHARACTERS = 32;

  private static final String PREFIX = "dormouse.admin.tokens.";
  private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]*[a-z0-9])?");
  private static final Pattern VALUE = Pattern.compile("[A-Za-z0-9._~+/-]+=*"); // RFC 6750, 2.1

  /** One of them; its name is for people. */
  record Token(String name, byte[] sha256, Set<Scope> scopes) {}

  private final List<Token> tokens = new ArrayList<>();

  private AdminTokens() {}

  /**
   * Reads tokens and their files.
   *
   * @param configured by name what is set: {@code value} or {@code file}, and {@code scopes}
   * @param problems gets what is wrong, one sentence each, never with a token in it
   */
  public static AdminTokens of(
      Map<String, ? extends Map<String, ?>> configured, List<String> problems) {
    AdminTokens all = new AdminTokens();
    configured.forEach(
        (name, keys) -> {
          List<String> wrong = new ArrayList<>();
          Token token = read(name, keys, wrong);
          if (token != null && all.find(token.sha256) != null) {
            wrong.add(PREFIX + name + " is the same as another token; each needs one of its own");
          }
          if (wrong.isEmpty() && token != null) {
            all.tokens.add(token);
          }
          problems.addAll(wrong);
        });
    return all;
  }

  private static @Nullable Token read(String name, Map<String, ?> keys, List<String> wrong) {
    if (!NAME.matcher(name).matches()) {
      wrong.add(PREFIX + name + " is no name of a token: it may have a-z, 0-9 and dashes");
    }
    for (String key : keys.keySet()) {
      if (!Set.of("value", "file", "scopes").contains(key)) {
        wrong.add(
            "'%s%s.%s' is not a key; there are value, file and scopes"
                .formatted(PREFIX, name, key));
      }
    }
    Set<Scope> scopes = scopes(name, keys.get("scopes"), wrong);
    String value = value(name, keys.get("value"), keys.get("file"), wrong);
    return value == null ? null : new Token(name, sha256(value), scopes);
  }

  private static Set<Scope> scopes(String name, @Nullable Object configured, List<String> wrong) {
    Set<Scope> scopes = EnumSet.noneOf(Scope.class);
    String key = PREFIX + name + ".scopes";
    List<?> texts =
        configured instanceof List<?> list
            ? list
            : configured == null ? List.of() : Arrays.asList(configured.toString().split(","));
    for (Object text : texts) {
      String scope = text.toString().strip().toLowerCase(Locale.ROOT);
      Scope found =
          Arrays.stream(Scope.values())
              .filter(each -> each.toString().equals(scope))
              .findAny()
              .orElse(null);
      if (found == null) {
        wrong.add(key + " '" + text + "' is none of " + allScopes());
      } else {
        scopes.add(found);
      }
    }
    if (texts.isEmpty()) {
      wrong.add(key + " must name what the token allows, some of " + allScopes());
    }
    return scopes;
  }

  private static String allScopes() {
    return Arrays.stream(Scope.values()).map(Scope::toString).collect(Collectors.joining(", "));
  }

  private static @Nullable String value(
      String name, @Nullable Object value, @Nullable Object file, List<String> wrong) {
    if ((value == null) == (file == null)) {
      wrong.add(PREFIX + name + " must have either a value or a file");
      return null;
    }
    String key = PREFIX + name + (file == null ? ".value" : ".file");
    String token;
    try {
      token = file == null ? String.valueOf(value) : Files.readString(Path.of(file.toString()));
    } catch (IOException unreadable) {
      wrong.add(
          "%s '%s' cannot be read (%s); it must be text that this user may read"
              .formatted(key, file, unreadable.getClass().getSimpleName()));
      return null;
    }
    token = token.strip();
    if (token.length() < LEAST_CHARACTERS) {
      wrong.add(
          "%s has %d characters and must have at least %d; openssl rand -hex 32 makes a good one"
              .formatted(key, token.length(), LEAST_CHARACTERS));
      return null;
    }
    if (!VALUE.matcher(token).matches()) {
      wrong.add(key + " has a character that a bearer token may not have; hex or base64 will do");
      return null;
    }
    return token;
  }

  boolean isEmpty() {
    return tokens.isEmpty();
  }

  /** The token of this value; null when there is none. Takes as long for a wrong one. */
  @Nullable Token find(String value) {
    return find(sha256(value));
  }

  private @Nullable Token find(byte[] sha256) {
    Token found = null;
    for (Token token : tokens) {
      if (MessageDigest.isEqual(token.sha256, sha256)) {
        found = token;
      }
    }
    return found;
  }

  private static byte[] sha256(String value) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(value.getBytes(UTF_8));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
