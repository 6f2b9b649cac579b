package io.dormouse.host.backplane;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a URL {@code redis://[[user]:password@]host[:port][/database]} says; {@code rediss://} is
 * TLS. Redisson would ignore the database and refuse a missing port.
 *
 * @param host an IPv6 address has its brackets
 */
record RedisAddress(
    boolean tls,
    String host,
    int port,
    int database,
    @Nullable String user,
    @Nullable String password) {
  private static final int DEFAULT_PORT = 6379;

  /** A text that is no such URL; the message says why and never shows a password. */
  static final class Malformed extends Exception {
    Malformed(String reason) {
      super(reason);
    }
  }

  static RedisAddress parse(String text) throws Malformed {
    URI uri = uri(text);
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    if (!scheme.equals("redis") && !scheme.equals("rediss")) {
      throw new Malformed(
          shown(text) + "is not a redis:// or rediss:// URL; it looks like redis://host:6379/0");
    }
    if (uri.getHost() == null) {
      throw new Malformed(
          shown(text)
              + "has no host name that a URL may have: letters, digits, dots and dashes, no"
              + " underscore; write special characters of a password as %XX");
    }
    if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
      throw new Malformed(
          shown(text) + "must end after the database; write ? and # of a password as %3F and %23");
    }
    String[] credentials =
        uri.getRawUserInfo() == null ? new String[0] : uri.getRawUserInfo().split(":", 2);
    return new RedisAddress(
        scheme.equals("rediss"),
        uri.getHost(),
        uri.getPort() == -1 ? DEFAULT_PORT : uri.getPort(),
        database(text, uri.getRawPath()),
        credentials.length > 0 && !credentials[0].isEmpty() ? decoded(credentials[0]) : null,
        credentials.length > 1 ? decoded(credentials[1]) : null);
  }

  private static URI uri(String text) throws Malformed {
    try {
      return new URI(text);
    } catch (URISyntaxException _) {
      throw new Malformed(
          shown(text) + "is not a URL; write special characters of a password as %XX");
    }
  }

  private static int database(String text, @Nullable String path) throws Malformed {
    String number = path == null || path.isEmpty() ? "" : path.substring(1);
    if (number.isEmpty()) {
      return 0;
    }
    if (!number.matches("\\d{1,5}")) {
      throw new Malformed(shown(text) + "must end with the number of a database, such as /0");
    }
    return Integer.parseInt(number);
  }

  /** A plus stands for itself, which it does not in forms. */
  private static String decoded(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  /** Without what may be a secret: all before the last @, or all where a host is not to be seen. */
  private static String shown(String text) {
    int at = text.lastIndexOf('@');
    if (at < 0) {
      return text.matches("[a-z]*:?/*[\\w.-]*(:\\d*)?(/\\w*)?") ? "'" + text + "' " : "";
    }
    return "'***" + text.substring(at).replaceFirst("[?#].*", "") + "' ";
  }

  /** As Redisson takes it. */
  String location() {
    return (tls ? "rediss://" : "redis://") + host + ":" + port;
  }

  /** Without user and password. */
  @Override
  public String toString() {
    return location() + "/" + database;
  }
}
