package io.dormouse.host.engine;

import io.helidon.common.buffers.DataReader;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a client's WebSocket frames and joins fragments (RFC 6455, sections 5.2 to 5.5). Checks
 * lengths before it allocates, and grows with what really arrives. One thread.
 */
final class FrameReader {
  private static final byte[] EMPTY = {};
  private static final int CHUNK = 64 * 1024;
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private final DataReader in;
  private final int maxPayload;
  private byte @Nullable [] fragments;
  private boolean fragmentsAreText;

  /** A frame, or a message joined from fragments. */
  sealed interface Incoming {
    record Text(byte[] bytes) implements Incoming {}

    record Binary(byte[] bytes) implements Incoming {}

    record Ping(byte[] bytes) implements Incoming {}

    record Pong() implements Incoming {}

    /** The other side says goodbye; {@code code} is 0 when it gave none. */
    record Close(int code) implements Incoming {}
  }

  /** The client broke the protocol. */
  static final class BadFrame extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final CloseReason reason;

    BadFrame(CloseReason reason, String message) {
      super(message, null, false, false);
      this.reason = reason;
    }

    CloseReason reason() {
      return reason;
    }
  }

  FrameReader(DataReader in, int maxPayload) {
    this.in = in;
    this.maxPayload = maxPayload;
  }

  /** Blocks until a whole message or a control frame is there. */
  Incoming next() {
    while (true) {
      Incoming incoming = frame();
      if (incoming != null) {
        return incoming;
      }
    }
  }

  private @Nullable Incoming frame() {
    int first = in.read() & 0xff;
    int second = in.read() & 0xff;
    boolean fin = (first & 0x80) != 0;
    int opcode = first & 0x0f;
    if ((first & 0x70) != 0) {
      throw new BadFrame(
          CloseReason.TRANSPORT_ERROR, "reserved bits are set though no extension was agreed on");
    }
    if ((second & 0x80) == 0) {
      throw new BadFrame(CloseReason.TRANSPORT_ERROR, "a client's frame is not masked");
    }
    long length = length(second & 0x7f);
    if (opcode >= 8) {
      return control(fin, opcode, length);
    }
    byte[] former = fragments;
    boolean continued = opcode == 0;
    if (opcode > 2 || continued != (former != null)) {
      throw new BadFrame(
          CloseReason.TRANSPORT_ERROR,
          "opcode "
              + opcode
              + " is not allowed "
              + (former == null ? "here" : "between fragments"));
    }
    if (length + (former == null ? 0 : former.length) > maxPayload) {
      throw new BadFrame(
          CloseReason.TOO_LARGE, "a message is longer than max-payload, " + maxPayload + " bytes");
    }
    byte[] payload = payload((int) length);
    if (former != null) {
      payload = join(former, payload);
    }
    boolean text = continued ? fragmentsAreText : opcode == 1;
    if (!fin) {
      fragments = payload;
      fragmentsAreText = text;
      return null;
    }
    fragments = null;
    if (!text) {
      return new Incoming.Binary(payload);
    }
    if (!Utf8.isValid(payload)) {
      throw new BadFrame(CloseReason.BAD_TEXT, "a text message is not UTF-8");
    }
    return new Incoming.Text(payload);
  }

  private Incoming control(boolean fin, int opcode, long length) {
    if (!fin || length > 125 || opcode > 10) {
      throw new BadFrame(
          CloseReason.TRANSPORT_ERROR,
          "a control frame of opcode " + opcode + " is fragmented, too long or unknown");
    }
    byte[] payload = payload((int) length);
    return switch (opcode) {
      case 8 -> close(payload);
      case 9 -> new Incoming.Ping(payload);
      default -> new Incoming.Pong();
    };
  }

  private static Incoming close(byte[] payload) {
    if (payload.length == 0) {
      return new Incoming.Close(0);
    }
    int code = payload.length == 1 ? 0 : (payload[0] & 0xff) << 8 | (payload[1] & 0xff);
    boolean known =
        (code >= 1000 && code <= 1014 && code != 1004 && code != 1005 && code != 1006)
            || (code >= 3000 && code <= 4999);
    if (!known) {
      throw new BadFrame(CloseReason.TRANSPORT_ERROR, "close code " + code + " is not allowed");
    }
    if (!Utf8.isValid(Arrays.copyOfRange(payload, 2, payload.length))) {
      throw new BadFrame(CloseReason.BAD_TEXT, "a close frame's reason is not UTF-8");
    }
    return new Incoming.Close(code);
  }

  private long length(int seven) {
    if (seven < 126) {
      return seven;
    }
    int bytes = seven == 126 ? 2 : 8;
    long length = 0;
    for (int i = 0; i < bytes; i++) {
      length = length << 8 | (in.read() & 0xff);
    }
    if (length < 0) {
      throw new BadFrame(CloseReason.TRANSPORT_ERROR, "a frame's length has its highest bit set");
    }
    return length;
  }

  private byte[] payload(int length) {
    byte[] mask = in.readBytes(4);
    if (length == 0) {
      return EMPTY;
    }
    byte[] payload = in.readBytes(Math.min(length, CHUNK));
    while (payload.length < length) {
      payload = join(payload, in.readBytes(Math.min(length - payload.length, payload.length)));
    }
    unmask(payload, mask);
    return payload;
  }

  private static byte[] join(byte[] first, byte[] second) {
    byte[] joined = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, joined, first.length, second.length);
    return joined;
  }

  private static void unmask(byte[] payload, byte[] mask) {
    long four =
        ((mask[0] & 0xffL) << 24)
            | ((mask[1] & 0xffL) << 16)
            | ((mask[2] & 0xffL) << 8)
            | (mask[3] & 0xffL);
    long eight = four << 32 | four;
    int i = 0;
    for (; i + 8 <= payload.length; i += 8) {
      LONG.set(payload, i, (long) LONG.get(payload, i) ^ eight);
    }
    for (; i < payload.length; i++) {
      payload[i] ^= mask[i & 3];
    }
  }
}
