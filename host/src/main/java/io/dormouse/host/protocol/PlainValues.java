package io.dormouse.host.protocol;

import static java.nio.charset.StandardCharsets.US_ASCII;

import org.jspecify.annotations.Nullable;

/** The values that most packets carry, written without Jackson, which costs more than they do. */
final class PlainValues {
  private static final byte[] NULL = "null".getBytes(US_ASCII);
  private static final byte[] TRUE = "true".getBytes(US_ASCII);
  private static final byte[] FALSE = "false".getBytes(US_ASCII);

  private PlainValues() {}

  /** Writes a value, or nothing when it is none of these. */
  static boolean write(JsonBuffer out, @Nullable Object value) {
    return switch (value) {
      case null -> out.append(NULL);
      case Boolean flag -> out.append(flag ? TRUE : FALSE);
      case Integer number -> out.append(number.toString().getBytes(US_ASCII));
      case Long number -> out.append(number.toString().getBytes(US_ASCII));
      case String text -> out.appendQuoted(text);
      case JsonPayload payload when !payload.hasAttachments() ->
          out.append(payload.raw.json, payload.start, payload.end - payload.start);
      default -> false;
    };
  }
}
