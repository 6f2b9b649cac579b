package io.dormouse.host.namespace;

import io.dormouse.api.Handshake;
import io.dormouse.api.Payload;
import io.dormouse.host.protocol.RawArguments;
import io.dormouse.host.protocol.ValueCodec;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The handshake of a socket of another host. */
record RemoteHandshake(SocketSnapshot.Greeting greeting, ValueCodec codec) implements Handshake {
  @Override
  public Payload auth() {
    return codec.payload(RawArguments.ofValue(greeting.auth()));
  }

  @Override
  public @Nullable String header(String name) {
    return greeting.headers().get(name.toLowerCase(Locale.ROOT));
  }

  @Override
  public Map<String, String> headers() {
    return greeting.headers();
  }

  @Override
  public Map<String, String> query() {
    return greeting.query();
  }

  @Override
  public String address() {
    return greeting.address();
  }

  @Override
  public boolean secure() {
    return greeting.secure();
  }

  @Override
  public boolean crossOrigin() {
    return greeting.crossOrigin();
  }

  @Override
  public String url() {
    return greeting.url();
  }

  @Override
  public Instant issued() {
    return greeting.issued();
  }

  /** Not told between hosts. */
  @Override
  public Map<String, String> parameters() {
    return Map.of();
  }
}
