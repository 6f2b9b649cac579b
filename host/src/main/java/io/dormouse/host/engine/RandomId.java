package io.dormouse.host.engine;

import java.security.SecureRandom;
import java.util.Base64;

/** Ids that nobody guesses: 120 bits of a CSPRNG, in 20 characters that any URL takes. */
public final class RandomId {
  static final int LENGTH = 20;

  private static final SecureRandom RANDOM = new SecureRandom();

  private RandomId() {}

  public static String next() {
    byte[] random = new byte[15];
    RANDOM.nextBytes(random);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
  }
}
