package io.dormouse.host;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A Socket.IO client on a WebSocket, whose packets are seen as text. */
final class SocketClient implements AutoCloseable {
  private static final String GONE = "gone";

  private final BlockingQueue<String> packets = new LinkedBlockingQueue<>();
  private WebSocket connection;

  /** Its socket's id. */
  String id = "";

  private SocketClient() {}

  static SocketClient connect(HttpClient http, int port, String namespace) {
    SocketClient client = new SocketClient();
    client.connection =
        http.newWebSocketBuilder()
            .buildAsync(
                URI.create("ws://127.0.0.1:" + port + "/socket.io/?EIO=4&transport=websocket"),
                client.new Receiver())
            .join();
    String open = client.next();
    if (!open.startsWith("0{")) {
      throw new AssertionError(open);
    }
    client.send("40" + namespace + ",");
    client.id = client.next().replaceFirst(".*\"sid\":\"([^\"]+)\".*", "$1");
    return client;
  }

  void send(String packet) {
    connection.sendText(packet, true).join();
  }

  /** The next packet that is no ping; {@code gone} when the host has closed the connection. */
  String next() {
    try {
      String packet = packets.poll(10, TimeUnit.SECONDS);
      if (packet == null) {
        throw new AssertionError("No packet within ten seconds");
      }
      return packet;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private final class Receiver implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
      text.append(part);
      if (last) {
        if (text.toString().equals("2")) {
          var _ = socket.sendText("3", true);
        } else {
          packets.add(text.toString());
        }
        text.setLength(0);
      }
      socket.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
      packets.add(GONE);
      return null;
    }
  }

  @Override
  public void close() {
    connection.abort();
  }
}
