package io.dormouse.host.backplane;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dormouse.host.engine.ClientAddress.Client;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * What a forwarded request has in its header {@code Dormouse-Forward}: who the client is, as the
 * first host saw it, when that was, and an HMAC-SHA256 of that, the method and the target.
 *
 * <pre>
 *   milliseconds ; 1 for TLS ; client's address ; base64url of the host it asked for ; base64url of the HMAC
 * </pre>
 */
final class ForwardPass {
  static final String HEADER = "Dormouse-Forward";

  /** How old it may be, or how far ahead another host's clock. */
  static final Duration AGE = Duration.ofSeconds(60);

  private static final int LONGEST = 4096;
  private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
  private static final Base64.Decoder DECODER = Base64.getUrlDecoder();

  /** Why a request is not believed, as the metrics have it. */
  enum Refusal {
    MISSING,
    MALFORMED,
    /** Signed with another secret, or for another request. */
    FORGED,
    /** Too old, or from too far ahead: the clocks differ. */
    TIME
  }

  private final ForwardSecret secret;
  private final InstantSource clock;

  ForwardPass(ForwardSecret secret, InstantSource clock) {
    this.secret = secret;
    this.clock = clock;
  }

  /** The header's value; null while there is no secret. */
  @Nullable String write(String method, String target, Client client) {
    ForwardKey key = secret.current();
    if (key == null) {
      return null;
    }
    String said =
        clock.millis()
            + ";"
            + (client.secure() ? 1 : 0)
            + ";"
            + client.address()
            + ";"
            + ENCODER.encodeToString(client.host().getBytes(UTF_8));
    return said + ";" + ENCODER.encodeToString(key.hmac(method, target, said));
  }

  /** Why a request is not believed; null when it is. */
  @Nullable Refusal check(String method, String target, @Nullable String header) {
    if (header == null) {
      return Refusal.MISSING;
    }
    Said said = Said.in(header);
    if (said == null) {
      return Refusal.MALFORMED;
    }
    if (!isSigned(method, target, said)) {
      return Refusal.FORGED;
    }
    Duration age = Duration.between(Instant.ofEpochMilli(said.millis), clock.instant());
    return age.abs().compareTo(AGE) > 0 ? Refusal.TIME : null;
  }

  /** The client whom a header names that was checked; null when it names none. */
  static @Nullable Client client(String header) {
    Said said = Said.in(header);
    return said == null ? null : said.client;
  }

  private boolean isSigned(String method, String target, Said said) {
    boolean signed = false;
    for (ForwardKey key : secret.believed()) {
      signed |= MessageDigest.isEqual(key.hmac(method, target, said.text), said.hmac);
    }
    return signed;
  }

  /**
   * What a header says.
   *
   * @param text all of it but for the HMAC
   */
  private record Said(String text, long millis, Client client, byte[] hmac) {
    /** Reads a header; null when it is none of ours. No pattern, as it is read for each request. */
    static @Nullable Said in(String header) {
      int hmac = header.lastIndexOf(';');
      int secure = header.indexOf(';') + 1;
      int address = header.indexOf(';', secure) + 1;
      int host = header.indexOf(';', address) + 1;
      if (header.length() > LONGEST
          || address == 0
          || host == 0
          || header.indexOf(';', host) != hmac
          || address - secure != 2) {
        return null;
      }
      char tls = header.charAt(secure);
      if (tls != '0' && tls != '1') {
        return null;
      }
      try {
        String asked = new String(DECODER.decode(header.substring(host, hmac)), UTF_8);
        return new Said(
            header.substring(0, hmac),
            Long.parseLong(header, 0, secure - 1, 10),
            new Client(header.substring(address, host - 1), tls == '1', asked),
            DECODER.decode(header.substring(hmac + 1)));
      } catch (IllegalArgumentException neitherNumberNorBase64) {
        return null;
      }
    }
  }
}
