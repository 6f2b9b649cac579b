package io.dormouse.api;

/**
 * All arguments of an event or an ack, not read yet. Returned by a handler they are the ack's, side
 * by side, as they came.
 *
 * {@snippet class="PayloadExample" region="arguments"}
 */
public interface Arguments {
  int size();

  /** An argument, a null payload past the end. */
  Payload get(int index);

  /**
   * Reads an argument.
   *
   * @throws EventError with code {@code bad_payload} when it is absent or does not fit
   */
  <T> T get(int index, Class<T> type);
}
