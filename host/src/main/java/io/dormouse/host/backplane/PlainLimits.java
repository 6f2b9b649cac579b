package io.dormouse.host.backplane;

/**
 * What a message of plain values may have at most.
 *
 * @param bytes of the message, and of the event that is made of it
 * @param values numbers, texts, lists and so on; for a pickle, its opcodes
 * @param nesting lists and dictionaries inside each other
 * @param attachments binary values of an event
 */
record PlainLimits(int bytes, int values, int nesting, int attachments) {
  /** Nothing real comes near them. */
  static PlainLimits of(int bytes) {
    return new PlainLimits(bytes, 250_000, 64, 100);
  }
}
