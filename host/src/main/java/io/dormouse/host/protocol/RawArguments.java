package io.dormouse.host.protocol;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A packet's arguments: JSON that was checked but not read, and the attachments that its
 * placeholders stand for. {@link ValueCodec} makes values of it.
 */
public final class RawArguments {
  /** No arguments. */
  public static final RawArguments NONE =
      new RawArguments(new byte[0], new int[0], new int[0], List.of());

  /** UTF-8, from the first argument to the last. */
  final byte[] json;

  /** Where each argument begins and ends in {@link #json}: two numbers an argument. */
  private final int[] bounds;

  /** Where each placeholder object begins and ends, and its number: three numbers a placeholder. */
  final int[] placeholders;

  final List<byte[]> attachments;

  RawArguments(byte[] json, int[] bounds, int[] placeholders, List<byte[]> attachments) {
    this.json = json;
    this.bounds = bounds;
    this.placeholders = placeholders;
    this.attachments = attachments;
  }

  /** One argument without binary: JSON that is known to be right. */
  public static RawArguments ofValue(byte[] json) {
    return new RawArguments(json, new int[] {0, json.length}, new int[0], List.of());
  }

  /** These arguments as they stand in a packet. */
  public EventData data() {
    byte[] array = new byte[json.length + 2];
    array[0] = '[';
    System.arraycopy(json, 0, array, 1, json.length);
    array[array.length - 1] = ']';
    return new EventData(array, attachments);
  }

  public int size() {
    return bounds.length / 2;
  }

  int start(int index) {
    return bounds[2 * index];
  }

  int end(int index) {
    return bounds[2 * index + 1];
  }

  /** The attachment whose placeholder begins at a position; null when none does. */
  byte @Nullable [] attachmentAt(int position) {
    for (int i = 0; i < placeholders.length; i += 3) {
      if (placeholders[i] == position) {
        return attachments.get(placeholders[i + 2]);
      }
    }
    return null;
  }
}
