package io.dormouse.host.namespace;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dormouse.api.Handshake;
import io.dormouse.api.Payload;
import io.dormouse.host.engine.SessionRequest;
import io.dormouse.host.protocol.RawArguments;
import io.dormouse.host.protocol.ValueCodec;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A session's first request, and what CONNECT brought.
 *
 * @param said the auth of CONNECT, still to be read
 * @param codec reads it
 */
record HostHandshake(
    SessionRequest request,
    @Nullable RawArguments said,
    Map<String, String> parameters,
    Instant issued,
    ValueCodec codec)
    implements Handshake {

  /** The same for another generation of a plugin. */
  HostHandshake readBy(ValueCodec other) {
    return new HostHandshake(request, said, parameters, issued, other);
  }

  /** The same for other hosts. */
  SocketSnapshot.Greeting greeting() {
    return new SocketSnapshot.Greeting(
        headers(),
        query(),
        address(),
        secure(),
        crossOrigin(),
        url(),
        issued,
        auth().json().getBytes(UTF_8));
  }

  @Override
  public Payload auth() {
    return codec.payload(said);
  }

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
