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
