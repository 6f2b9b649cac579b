package io.dormouse.host.protocol;

import io.dormouse.api.Arguments;
import io.dormouse.api.Payload;

/** A packet's arguments, read by the codec of the plugin that asks. */
record JsonArguments(ValueCodec codec, RawArguments raw) implements Arguments {
  @Override
  public int size() {
    return raw.size();
  }

  @Override
  public Payload get(int index) {
    String origin = "Argument " + (index + 1);
    return index < raw.size()
        ? new JsonPayload(codec, raw, raw.start(index), raw.end(index), origin, "")
        : JsonPayload.absent(codec, origin, "");
  }

  @Override
  public <T> T get(int index, Class<T> type) {
    return get(index).as(type);
  }

  @Override
  public String toString() {
    return size() + " arguments";
  }
}
