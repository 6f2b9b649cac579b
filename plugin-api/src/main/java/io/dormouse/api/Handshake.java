package io.dormouse.api;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a client said when it connected. Does not change while it is connected.
 *
 * {@snippet class="NamespaceExample" region="connect-handler"}
 */
public interface Handshake {
  /** The {@code auth} of the client's options, a null payload when it sent none. */
  Payload auth();

  /** The first value of a header of the first request, whatever its case; null when absent. */
  @Nullable String header(String name);

  /** The headers of the first request; names in lower case, several values joined by commas. */
  Map<String, String> headers();

  /** The query of the first request, Engine.IO's own parameters among them. */
  Map<String, String> query();

  /** The client's address, as a trusted proxy tells it if one is configured. */
  String address();

  /** Whether the client came by TLS, as a trusted proxy tells it if one is configured. */
  boolean secure();

  /** Whether the first request came from a web page of another origin. */
  boolean crossOrigin();

  /** Path and query of the first request. */
  String url();

  /** When the socket connected. */
  Instant issued();

  /** What the parameters of {@link PluginContext#namespaces} stand for; empty without a pattern. */
  Map<String, String> parameters();
}
