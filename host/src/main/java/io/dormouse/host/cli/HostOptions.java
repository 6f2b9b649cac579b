package io.dormouse.host.cli;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which host a command talks to, and how it shows the answer. There is no option for a token. */
final class HostOptions {
  static final String URL_VARIABLE = "DORMOUSE_ADMIN_URL";
  static final String TOKEN_VARIABLE = "DORMOUSE_ADMIN_TOKEN";
  private static final String DEFAULT_URL = "http://127.0.0.1:9090";

  private static final int LAST = 100;

  @Option(
      names = "--url",
      paramLabel = "URL",
      order = LAST,
      description = {
        "the host's admin listener (default: $" + URL_VARIABLE + ", else",
        DEFAULT_URL + ")"
      })
  @Nullable String url;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      order = LAST,
      description = "a file with the admin token (default: the token in $" + TOKEN_VARIABLE + ")")
  @Nullable Path tokenFile;

  @Option(
      names = "--json",
      order = LAST,
      description = "print the host's JSON as it is, for machines")
  boolean json;

  private final Map<String, String> environment;

  HostOptions(Map<String, String> environment) {
    this.environment = environment;
  }

  AdminClient client() {
    String origin = "--url";
    String text = url;
    if (text == null) {
      origin = URL_VARIABLE;
      text = environment.getOrDefault(URL_VARIABLE, "");
    }
    return new AdminClient(text.isBlank() ? URI.create(DEFAULT_URL) : uri(text, origin), token());
  }

  private static URI uri(String text, String origin) {
    try {
      URI uri = new URI(text.strip().replaceFirst("/+$", ""));
      boolean http =
          "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
      if (http
          && uri.getHost() != null
          && uri.getRawUserInfo() == null
          && uri.getRawQuery() == null) {
        return uri;
      }
    } catch (URISyntaxException _) {
      // said below
    }
    throw new CommandFailed(
        CliErrorCode.BAD_USAGE,
        "%s is no URL of an admin listener; it looks like %s and has no password in it"
            .formatted(origin, DEFAULT_URL));
  }

  /** Null for none. */
  private @Nullable String token() {
    String origin = TOKEN_VARIABLE;
    String token = environment.getOrDefault(TOKEN_VARIABLE, "");
    if (tokenFile != null) {
      origin = "--token-file '" + tokenFile + "'";
      try {
        token = Files.readString(tokenFile);
      } catch (IOException e) {
        throw new CommandFailed(
            CliErrorCode.BAD_USAGE, origin + " cannot be read: " + Reason.of(e));
      }
      if (token.isBlank()) {
        throw new CommandFailed(CliErrorCode.BAD_USAGE, origin + " is empty");
      }
    }
    token = token.strip();
    if (!token.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      throw new CommandFailed(
          CliErrorCode.BAD_USAGE,
          origin + " has a character that no token has; it is one line of ASCII");
    }
    return token.isEmpty() ? null : token;
  }
}
