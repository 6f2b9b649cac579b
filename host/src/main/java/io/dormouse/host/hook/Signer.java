package io.dormouse.host.hook;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs as the Standard Webhooks specification has it: HMAC-SHA256 over {@code id.timestamp.body},
 * once with each secret, so that one can be replaced by another without a gap.
 */
final class Signer {
  static final int MOST_SECRETS = 2;
  static final String FORM = "whsec_ and 24 to 64 random bytes in base64";

  private static final String PREFIX = "whsec_";
  private static final String ALGORITHM = "HmacSHA256";
  private static final int LEAST_BYTES = 24;
  private static final int MOST_BYTES = 64;

  private final List<SecretKey> keys = new ArrayList<>();

  /**
   * @throws IllegalArgumentException without any part of a secret, when one is not {@link #FORM}
   */
  Signer(List<String> secrets) {
    for (String secret : secrets) {
      keys.add(new SecretKeySpec(bytes(secret), ALGORITHM));
    }
  }

  private static byte[] bytes(String secret) {
    if (secret.startsWith(PREFIX)) {
      byte[] bytes;
      try {
        bytes = Base64.getDecoder().decode(secret.substring(PREFIX.length()));
      } catch (IllegalArgumentException _) {
        throw new IllegalArgumentException("not base64");
      }
      if (bytes.length >= LEAST_BYTES && bytes.length <= MOST_BYTES) {
        return bytes;
      }
    }
    throw new IllegalArgumentException("another form");
  }

  /** The value of {@code webhook-signature}. */
  String sign(String id, long epochSecond, byte[] body) {
    byte[] head = (id + "." + epochSecond + ".").getBytes(UTF_8);
    return keys.stream()
        .map(key -> "v1," + Base64.getEncoder().encodeToString(hmac(key, head, body)))
        .collect(Collectors.joining(" "));
  }

  private static byte[] hmac(SecretKey key, byte[] head, byte[] body) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      mac.update(head);
      return mac.doFinal(body);
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
