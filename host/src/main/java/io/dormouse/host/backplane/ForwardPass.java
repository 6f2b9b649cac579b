package io.dormouse.host.backplane;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dormouse.host.engine.ClientAddress.Client;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
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
  private static final Pattern FORM = Pattern.compile("\\d{1,15};[01];[^;]*;[\\w-]*;[\\w-]+");
  private static final String ALGORITHM = "HmacSHA256";
  private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

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
    byte[] key = secret.current();
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
    return said + ";" + ENCODER.encodeToString(hmac(key, method, target, said));
  }

  /** Why a request is not believed; null when it is. */
  @Nullable Refusal check(String method, String target, @Nullable String header) {
    if (header == null) {
      return Refusal.MISSING;
    }
    String[] parts = parts(header);
    byte[] shown = parts == null ? null : decoded(parts[4]);
    if (parts == null || shown == null) {
      return Refusal.MALFORMED;
    }
    String said = header.substring(0, header.lastIndexOf(';'));
    if (!isSigned(method, target, said, shown)) {
      return Refusal.FORGED;
    }
    Instant written = Instant.ofEpochMilli(Long.parseLong(parts[0]));
    Duration age = Duration.between(written, clock.instant());
    return age.abs().compareTo(AGE) > 0 ? Refusal.TIME : null;
  }

  /** The client whom a header names that was checked; null when it names none. */
  static @Nullable Client client(String header) {
    String[] parts = parts(header);
    byte[] host = parts == null ? null : decoded(parts[3]);
    return parts == null || host == null
        ? null
        : new Client(parts[2], parts[1].equals("1"), new String(host, UTF_8));
  }

  private static String @Nullable [] parts(String header) {
    if (header.length() > LONGEST || !FORM.matcher(header).matches()) {
      return null;
    }
    return header.split(";", -1);
  }

  private static byte @Nullable [] decoded(String base64) {
    try {
      return Base64.getUrlDecoder().decode(base64);
    } catch (IllegalArgumentException notBase64) {
      return null;
    }
  }

  private boolean isSigned(String method, String target, String said, byte[] shown) {
    List<byte[]> believed = secret.believed();
    boolean signed = false;
    for (byte[] key : believed) {
      signed |= MessageDigest.isEqual(hmac(key, method, target, said), shown);
    }
    return signed;
  }

  private static byte[] hmac(byte[] key, String method, String target, String said) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key, ALGORITHM));
      return mac.doFinal((method + "\n" + target + "\n" + said).getBytes(UTF_8));
    } catch (GeneralSecurityException everyJdkHasIt) {
      throw new IllegalStateException(everyJdkHasIt);
    }
  }
}
