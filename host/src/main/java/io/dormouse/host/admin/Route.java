package io.dormouse.host.admin;

import io.helidon.http.Method;
import io.helidon.http.PathMatcher;
import io.helidon.http.PathMatchers;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the admin listener answers.
 *
 * @param path with {@code {name}} for a part of it
 * @param scope what a token must allow; null for a route that is open to all
 * @param parameters of the query; others are refused
 * @param bodyBytes the most that a body may have; 0 for a route that takes none
 */
record Route(
    Method method,
    String path,
    @Nullable Scope scope,
    List<String> parameters,
    long bodyBytes,
    Action action) {
  /** Answers a request that may be answered. */
  @FunctionalInterface
  interface Action {
    void answer(Call call);
  }

  static Route get(String path, @Nullable Scope scope, Action action) {
    return of(Method.GET, path, scope, action);
  }

  static Route of(Method method, String path, @Nullable Scope scope, Action action) {
    return new Route(method, path, scope, List.of(), 0, action);
  }

  Route withParameters(String... names) {
    return new Route(method, path, scope, List.of(names), bodyBytes, action);
  }

  Route withBody(long bytes) {
    return new Route(method, path, scope, parameters, bytes, action);
  }

  PathMatcher matcher() {
    return PathMatchers.create(path);
  }

  /** Whether it does more than look. */
  boolean isChange() {
    return !method.equals(Method.GET);
  }

  boolean isMetrics() {
    return path.equals("/metrics");
  }
}
