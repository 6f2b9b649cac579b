package io.dormouse.host.backplane;

import org.jspecify.annotations.Nullable;

/**
 * What only hosts of ours read in a broadcast, behind what Node reads.
 *
 * @param receipt what a {@link NodeMessage.ReceiptResponse} has to name; null when none is wanted
 * @param number of the event in a namespace with recovery; 0 for none
 * @param adopted the digest of a foreign event that has this number; null for an own one
 * @param isBridged whether it is for Node's servers alone, since hosts have heard it from Python's
 */
record Marks(@Nullable String receipt, long number, @Nullable String adopted, boolean isBridged) {
  static final Marks NONE = new Marks(null, 0, null, false);

  static final Marks BRIDGED = new Marks(null, 0, null, true);

  static Marks of(@Nullable String receipt, long number) {
    return new Marks(receipt, number, null, false);
  }

  int count() {
    return (receipt == null ? 0 : 1)
        + (number == 0 ? 0 : 1)
        + (adopted == null ? 0 : 1)
        + (isBridged ? 1 : 0);
  }
}
