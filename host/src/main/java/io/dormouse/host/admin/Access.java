package io.dormouse.host.admin;

import io.helidon.http.HeaderNames;
import io.helidon.http.Headers;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Who may ask for what. With tokens, everything but health needs one that has the route's scope.
 * Without any, programs of this machine may do all on loopback, and on another address only health
 * and metrics answer.
 */
@Singleton
final class Access {
  private static final String SCHEME = "bearer ";

  private final AdminTokens tokens;
  private final boolean loopback;
  private final @Nullable LoopbackGuard guard;

  Access(AdminSettings settings, AdminTokens tokens) {
    this.tokens = tokens;
    loopback = LoopbackGuard.isLoopback(settings.bind());
    guard = loopback && tokens.isEmpty() ? new LoopbackGuard(settings.bind()) : null;
  }

  /**
   * Refuses web pages; for all paths, even those that do not exist.
   *
   * @throws Problem when it is one
   */
  void checkOrigin(Headers headers) {
    if (guard != null) {
      guard.check(headers);
    }
  }

  /**
   * @return who asks: the token's name, {@code loopback} or {@code anybody}
   * @throws Problem when that is not allowed
   */
  String check(Route route, Headers headers) {
    Scope scope = route.scope();
    if (scope == null) {
      return "anybody";
    }
    if (tokens.isEmpty()) {
      if (!loopback && !route.isMetrics()) {
        throw new Problem(
            AdminErrorCode.ADMIN_CLOSED,
            "No token is configured, so only health and metrics answer on this address; set"
                + " dormouse.admin.tokens.<name>.value and .scopes, or bind to 127.0.0.1");
      }
      return loopback ? "loopback" : "anybody";
    }
    AdminTokens.Token token = token(headers);
    if (!token.scopes().contains(scope)) {
      throw new Problem(
          AdminErrorCode.ADMIN_WRONG_SCOPE,
          "Token '%s' has not the scope %s".formatted(token.name(), scope));
    }
    return token.name();
  }

  private AdminTokens.Token token(Headers headers) {
    List<String> values = headers.all(HeaderNames.AUTHORIZATION, List::of);
    String value = values.size() == 1 ? values.getFirst() : "";
    if (!value.toLowerCase(Locale.ROOT).startsWith(SCHEME)) {
      throw new Problem(
          AdminErrorCode.ADMIN_NO_TOKEN,
          "The request has no header 'Authorization: Bearer <token>'");
    }
    AdminTokens.Token token = tokens.find(value.substring(SCHEME.length()).strip());
    if (token == null) {
      throw new Problem(
          AdminErrorCode.ADMIN_WRONG_TOKEN, "The token is none of those that are configured");
    }
    return token;
  }
}
