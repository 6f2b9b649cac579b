package io.dormouse.host.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dormouse.api.Payload;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A value within a packet's arguments, read by the codec of the plugin that asks. */
final class JsonPayload implements Payload {
  private static final byte[] NULL = {'n', 'u', 'l', 'l'};
  private static final RawArguments ABSENT =
      new RawArguments(NULL, new int[] {0, NULL.length}, new int[0], List.of());

  final RawArguments raw;
  final int start;
  final int end;

  /** Where it came from, for messages: {@code Argument 1}, {@code Auth}. */
  final String origin;

  /** Fields from the origin to here, joined by dots; empty for the whole. */
  final String path;

  private final ValueCodec codec;
  private volatile @Nullable Map<String, Slice> fields;

  /** Where a field's value begins and ends. */
  record Slice(int start, int end) {}

  JsonPayload(ValueCodec codec, RawArguments raw, int start, int end, String origin, String path) {
    this.codec = codec;
    this.raw = raw;
    this.start = start;
    this.end = end;
    this.origin = origin;
    this.path = path;
  }

  static JsonPayload absent(ValueCodec codec, String origin, String path) {
    return new JsonPayload(codec, ABSENT, 0, NULL.length, origin, path);
  }

  @Override
  public <T> T as(Class<T> type) {
    @SuppressWarnings("unchecked") // a primitive's class is of its wrapper's type
    T value = (T) codec.read(this, type);
    if (value == null) {
      throw codec.unfit(this, "");
    }
    return value;
  }

  @Override
  public boolean isNull() {
    return raw.json[start] == 'n';
  }

  @Override
  public Payload get(String field) {
    String fieldPath = path.isEmpty() ? field : path + "." + field;
    Slice slice = fields().get(field);
    return slice == null
        ? absent(codec, origin, fieldPath)
        : new JsonPayload(codec, raw, slice.start, slice.end, origin, fieldPath);
  }

  @Override
  public @Nullable String text(String field) {
    Slice slice = fields().get(field);
    if (slice == null || raw.json[slice.start] != '"') {
      return null;
    }
    return new JsonPayload(codec, raw, slice.start, slice.end, origin, path).as(String.class);
  }

  @Override
  public String json() {
    return new String(raw.json, start, end - start, UTF_8);
  }

  @Override
  public String toString() {
    return "Payload of " + (end - start) + " bytes";
  }

  boolean hasAttachments() {
    int[] placeholders = raw.placeholders;
    for (int i = 0; i < placeholders.length; i += 3) {
      if (placeholders[i] >= start && placeholders[i] < end) {
        return true;
      }
    }
    return false;
  }

  private Map<String, Slice> fields() {
    Map<String, Slice> known = fields;
    if (known == null) {
      known = raw.json[start] == '{' && !isPlaceholder() ? codec.fields(this) : Map.of();
      fields = known;
    }
    return known;
  }

  private boolean isPlaceholder() {
    return raw.attachmentAt(start) != null;
  }
}
