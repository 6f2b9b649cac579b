package io.dormouse.host.namespace;

import io.dormouse.api.Handshake;
import io.dormouse.api.Payload;
import io.dormouse.host.engine.SessionRequest;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A session's first request, and what CONNECT brought. */
record HostHandshake(
    SessionRequest request, Payload auth, Map<String, String> parameters, Instant issued)
    implements Handshake {

  @Override
  public @Nullable String header(String name) {
    return request.headers().get(name.toLowerCase(Locale.ROOT));
  }

  @Override
  public Map<String, String> headers() {
    return request.headers();
  }

  @Override
  public Map<String, String> query() {
    return request.query();
  }

  @Override
  public String address() {
    return request.address();
  }

  @Override
  public boolean secure() {
    return request.secure();
  }

  @Override
  public boolean crossOrigin() {
    return request.crossOrigin();
  }

  @Override
  public String url() {
    return request.url();
  }
}
