package io.dormouse.host.namespace;

import io.dormouse.api.Arguments;
import io.dormouse.host.protocol.RawArguments;
import io.dormouse.host.protocol.ValueCodec;

/** Reads what a client answered. */
final class Replied {
  private Replied() {}

  /**
   * The first argument as a type, or all for {@link Arguments}.
   *
   * @throws io.dormouse.api.EventError when it does not fit
   */
  static <T> T read(ValueCodec codec, RawArguments raw, Class<T> type) {
    Arguments arguments = codec.arguments(raw);
    return type == Arguments.class ? type.cast(arguments) : arguments.get(0, type);
  }
}
