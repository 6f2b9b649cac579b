package io.dormouse.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A WebSocket whose every byte a test chooses. */
final class RawWebSocket implements AutoCloseable {
  static final int FIN = 0x80;
  static final int CONTINUATION = 0;
  static final int TEXT = 1;
  static final int BINARY = 2;
  static final int CLOSE = 8;
  static final int PING = 9;
  static final int PONG = 10;
  static final String ENDPOINT = "/socket.io/?EIO=4&transport=websocket";
  static final String[] HANDSHAKE = {
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
  };

  /** A frame from the host. */
  record Frame(int first, byte[] payload) {
    int opcode() {
      return first & 15;
    }

    String text() {
      return new String(payload, StandardCharsets.UTF_8);
    }
  }

  private final RawSocket socket;

  RawWebSocket(RawSocket socket) {
    this.socket = socket;
  }

  /** Shakes hands; Engine.IO's first packet is not read yet. */
  static RawWebSocket shakeHands(RawSocket socket, String target) throws IOException {
    socket.request("GET", target, HANDSHAKE);
    assertThat(socket.answer().status()).isEqualTo(101);
    return new RawWebSocket(socket);
  }

  /** Opens an Engine.IO session. */
  static RawWebSocket open(DormouseProcess host) throws IOException {
    RawWebSocket opened = shakeHands(new RawSocket(host.port()), ENDPOINT);
    assertThat(opened.text()).startsWith("0{");
    return opened;
  }

  /** Opens a session and joins a namespace. */
  static RawWebSocket join(DormouseProcess host, String namespace) throws IOException {
    RawWebSocket opened = open(host);
    opened.joins(namespace, "");
    return opened;
  }

  /** Joins one more namespace. */
  void joins(String namespace, String auth) throws IOException {
    send("40" + namespace + "," + auth);
    assertThat(text()).startsWith("40" + (namespace.equals("/") ? "" : namespace + ","));
  }

  RawSocket socket() {
    return socket;
  }

  /** Sends a text message. */
  RawWebSocket send(String text) throws IOException {
    return frame(FIN | TEXT, text.getBytes(StandardCharsets.UTF_8));
  }

  /** Sends a masked frame. */
  RawWebSocket frame(int first, byte[] payload) throws IOException {
    socket.write(masked(first, payload));
    return this;
  }

  static byte[] masked(int first, byte[] payload) {
    int length = payload.length;
    ByteBuffer frame = ByteBuffer.allocate(length + 14).put((byte) first);
    if (length < 126) {
      frame.put((byte) (0x80 | length));
    } else if (length < 65_536) {
      frame.put((byte) (0x80 | 126)).putShort((short) length);
    } else {
      frame.put((byte) (0x80 | 127)).putLong(length);
    }
    byte[] mask = {1, 2, 3, 4};
    frame.put(mask);
    for (int i = 0; i < length; i++) {
      frame.put((byte) (payload[i] ^ mask[i & 3]));
    }
    return java.util.Arrays.copyOf(frame.array(), frame.position());
  }

  /** The next frame; pings of Engine.IO are answered on the way. */
  Frame frame() throws IOException {
    while (true) {
      Frame frame = anyFrame();
      if (frame.opcode() != TEXT || !frame.text().equals("2")) {
        return frame;
      }
      send("3");
    }
  }

  private Frame anyFrame() throws IOException {
    int first = read();
    long length = read();
    assertThat(length).as("a server does not mask").isLessThan(128);
    if (length >= 126) {
      int bytes = length == 126 ? 2 : 8;
      length = 0;
      for (int i = 0; i < bytes; i++) {
        length = length << 8 | read();
      }
    }
    byte[] payload = socket.in().readNBytes((int) length);
    return new Frame(first, payload);
  }

  private int read() throws IOException {
    int next = socket.in().read();
    if (next == -1) {
      throw new EOFException("The host ended the connection without a close frame");
    }
    return next;
  }

  /** The next message, which must be text. */
  String text() throws IOException {
    Frame frame = frame();
    assertThat(frame.first()).as("a text message: %s", frame.text()).isEqualTo(FIN | TEXT);
    return frame.text();
  }

  /** Reads up to the close frame and returns its code, 0 when it has none. */
  int closeCode() throws IOException {
    Frame frame = frame();
    while (frame.opcode() != CLOSE) {
      frame = frame();
    }
    byte[] payload = frame.payload();
    return payload.length == 0 ? 0 : (payload[0] & 0xff) << 8 | payload[1] & 0xff;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
