package io.dormouse.host.engine;

import java.util.List;

/**
 * A text message and the binary messages that follow it, encoded once; any number of sessions may
 * send it. They reach a client together and in order, nothing in between.
 */
public final class Message {
  private final Frame[] frames;
  private final int size;
  private final boolean compress;

  private Message(Frame[] frames, boolean compress) {
    this.frames = frames;
    this.compress = compress;
    int total = 0;
    for (Frame frame : frames) {
      total += frame.size();
    }
    this.size = total;
  }

  /**
   * @param text UTF-8, without Engine.IO's type digit
   * @param compress whether a polling answer with it may be compressed
   */
  public static Message of(byte[] text, List<byte[]> binary, boolean compress) {
    Frame[] frames = new Frame[1 + binary.size()];
    frames[0] = Frame.text(text);
    for (int i = 0; i < binary.size(); i++) {
      frames[i + 1] = Frame.binary(binary.get(i));
    }
    return new Message(frames, compress);
  }

  static Message of(Frame frame) {
    return new Message(new Frame[] {frame}, false);
  }

  Frame[] frames() {
    return frames;
  }

  /** Bytes that it occupies in an outbound queue. */
  public int size() {
    return size;
  }

  boolean compress() {
    return compress;
  }
}
