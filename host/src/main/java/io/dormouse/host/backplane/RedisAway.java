package io.dormouse.host.backplane;

/** Redis did not answer in time, refused, or is not asked because it did not just now. */
final class RedisAway extends RuntimeException {
  private static final long serialVersionUID = 1;

  /**
   * @param reason without a period
   */
  RedisAway(String reason) {
    super(reason, null, false, false);
  }
}
