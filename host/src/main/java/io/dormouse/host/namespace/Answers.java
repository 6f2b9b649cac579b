package io.dormouse.host.namespace;

import io.dormouse.host.protocol.ValueCodec;

/** Writes the host's own answers, which need no class of a plugin. */
final class Answers {
  static final ValueCodec CODEC = ValueCodec.of(Answers.class.getClassLoader());

  private Answers() {}
}
