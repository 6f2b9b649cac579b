package io.dormouse.host.backplane;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A secret, ready to sign with. Any thread may call. */
final class ForwardKey {
  private static final String ALGORITHM = "HmacSHA256";

  private final byte[] secret;
  private final Mac blank;

  ForwardKey(byte[] secret) {
    this.secret = secret;
    try {
      blank = Mac.getInstance(ALGORITHM);
      blank.init(new SecretKeySpec(secret, ALGORITHM));
    } catch (GeneralSecurityException everyJdkHasIt) {
      throw new IllegalStateException(everyJdkHasIt);
    }
  }

  boolean is(byte[] other) {
    return Arrays.equals(secret, other);
  }

  byte[] secret() {
    return secret;
  }

  /** A copy of one that has its key is half the work of a new one. */
  byte[] hmac(String method, String target, String said) {
    try {
      Mac mac = (Mac) blank.clone();
      return mac.doFinal((method + "\n" + target + "\n" + said).getBytes(UTF_8));
    } catch (CloneNotSupportedException everyJdkClones) {
      throw new IllegalStateException(everyJdkClones);
    }
  }
}
