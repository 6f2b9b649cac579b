package io.dormouse.host.backplane;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.function.Function;

/**
 * A message but for the {@code uid} that it begins with, which it gets when it is published.
 *
 * @param binary whether it is msgpack; else JSON
 * @param before what stands before the uid
 * @param after what stands behind it
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Body(boolean binary, byte[] before, byte[] after) implements Function<String, byte[]> {
  /** Longer than any uid of ours is, its own length or quotes included. */
  private static final int UID = 40;

  /** At most so many bytes, whatever the uid. */
  int size() {
    return before.length + UID + after.length;
  }

  @Override
  public byte[] apply(String uid) {
    byte[] text = (binary ? uid : '"' + uid + '"').getBytes(UTF_8);
    MsgpackOutput out = new MsgpackOutput(size());
    out.raw(before);
    if (binary) {
      out.text(text);
    } else {
      out.raw(text);
    }
    out.raw(after);
    return out.toBytes();
  }
}
