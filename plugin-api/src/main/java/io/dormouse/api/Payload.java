package io.dormouse.api;

import org.jspecify.annotations.Nullable;

/**
 * A value from the wire, not read yet: JSON, with binary inside. Can be emitted as it is, at no
 * cost.
 *
 * {@snippet class="PayloadExample" region="payload"}
 */
public interface Payload {
  /**
   * Reads it as a record, text, a number, a list, a map, {@code byte[]}, {@link Object} for
   * whatever it is. Unknown keys are ignored.
   *
   * @throws EventError with code {@code bad_payload} when it does not fit
   */
  <T> T as(Class<T> type);

  /** Whether it is JSON's null, or absent. */
  boolean isNull();

  /** A field of an object; a null payload when there is none. */
  Payload get(String field);

  /** A field's text; null when it is absent or no text. */
  @Nullable String text(String field);

  /**
   * Its JSON text. {@code toString} tells the size only, since payloads do not belong into logs.
   */
  String json();
}
