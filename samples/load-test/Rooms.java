import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Publishes broadcasts for a room that none of a host's sockets is in, as a Node server would, on the room's
 * channel and on that of the namespace. Prints how much CPU the host's process uses for each.
 *
 * <pre>java Rooms.java REDIS_PORT HOST_PORT HOST_PID ROUNDS SECONDS</pre>
 */
class Rooms {
  private static final String ROOM = "lobby";
  private static final String REQUESTS = "socket.io-request#/#";
  private static final String RESPONSES = "socket.io-response#/#";

  /** Less than a host lets wait. */
  private static final int BATCH_BYTES = 1 << 20;

  private static final int BATCH_MESSAGES = 2_000;
  private static final long NANOS_PER_TICK = 10_000_000;
  private static final int[] RECORDS = {1, 300};
  private static final String[] CHANNELS = {"room", "namespace"};

  private final Redis publisher;
  private final Redis subscriber;
  private final Path stat;
  private int asked;

  private Rooms(int redis, String host) throws IOException {
    publisher = new Redis(redis);
    subscriber = new Redis(redis);
    subscriber.send("SUBSCRIBE", bytes(RESPONSES));
    subscriber.flush();
    subscriber.reply();
    stat = Path.of("/proc", host, "stat");
  }

  public static void main(String[] arguments) throws Exception {
    Rooms rooms = new Rooms(Integer.parseInt(arguments[0]), arguments[2]);
    int rounds = Integer.parseInt(arguments[3]);
    long nanos = Long.parseLong(arguments[4]) * 1_000_000_000;
    WebSocket _ = connect(arguments[1]);
    for (int round = 0; round <= rounds; round++) {
      for (int records : RECORDS) {
        byte[] message = message(records);
        for (String channel : CHANNELS) {
          double micros = rooms.measure(channel, message, nanos);
          if (round > 0) { // the first one warms the host up
            System.out.printf(
                "result bytes=%d channel=%s us=%.3f round=%d%n", message.length, channel, micros, round);
          }
        }
      }
    }
    System.exit(0); // the connection's threads would go on
  }

  /** A client in the namespace, whom the room does not concern. */
  private static WebSocket connect(String port) {
    CountDownLatch joined = new CountDownLatch(1);
    WebSocket.Listener client =
        new WebSocket.Listener() {
          @Override
          public CompletionStage<?> onText(WebSocket socket, CharSequence packet, boolean last) {
            socket.request(1);
            String text = packet.toString();
            if (text.startsWith("0")) {
              return socket.sendText("40", true);
            }
            if (text.startsWith("40")) {
              joined.countDown();
            }
            return text.equals("2") ? socket.sendText("3", true) : null;
          }
        };
    String url = "ws://127.0.0.1:" + port + "/socket.io/?EIO=4&transport=websocket";
    WebSocket socket = HttpClient.newHttpClient().newWebSocketBuilder().buildAsync(URI.create(url), client).join();
    try {
      if (!joined.await(10, TimeUnit.SECONDS)) {
        throw new IllegalStateException("the host lets nobody in");
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return socket;
  }

  /** Microseconds of CPU that the host uses for one message. */
  private double measure(String channel, byte[] message, long nanos) throws IOException {
    byte[] name = bytes("socket.io#/#" + (channel.equals("room") ? ROOM + "#" : ""));
    int batch = Math.clamp(BATCH_BYTES / message.length, 1, BATCH_MESSAGES);
    long published = 0;
    long before = used();
    long end = System.nanoTime() + nanos;
    while (System.nanoTime() < end) {
      for (int i = 0; i < batch; i++) {
        publisher.send("PUBLISH", name, message);
      }
      publisher.flush();
      for (int i = 0; i < batch; i++) {
        publisher.reply();
      }
      awaitHost();
      published += batch;
    }
    return (used() - before) / 1_000.0 / published;
  }

  /** Asks what it answers when it has seen all that came before. */
  private void awaitHost() throws IOException {
    String id = "rooms-" + ++asked;
    publisher.send("PUBLISH", bytes(REQUESTS), bytes("{\"uid\":\"bench\",\"type\":1,\"requestId\":\"" + id + "\"}"));
    publisher.flush();
    if (!publisher.reply().equals(":2")) { // its pattern, and its name where Node counts
      throw new IOException("the host does not listen");
    }
    while (!subscriber.reply().contains("\"" + id + "\"")) {
      // An answer to somebody else.
    }
  }

  private long used() throws IOException {
    String[] fields = Files.readString(stat).replaceFirst(".*\\) ", "").split(" ");
    return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * NANOS_PER_TICK;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  // --- What Node's adapter writes, in msgpack --------------------------------------------------------------

  private static byte[] message(int records) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(0x93);
    text(out, "bench1");
    out.write(0x83);
    text(out, "type");
    out.write(2);
    text(out, "data");
    out.write(0x92);
    text(out, "rows");
    out.write(0xdc);
    out.write(records >> 8);
    out.write(records);
    for (int i = 0; i < records; i++) {
      out.write(0x83);
      text(out, "id");
      out.write(0xcd);
      out.write(i >> 8);
      out.write(i);
      text(out, "name");
      text(out, "somebody who has a name");
      text(out, "online");
      out.write(0xc3);
    }
    text(out, "nsp");
    text(out, "/");
    out.write(0x83);
    text(out, "rooms");
    out.write(0x91);
    text(out, ROOM);
    text(out, "except");
    out.write(0x90);
    text(out, "flags");
    out.write(0x80);
    return out.toByteArray();
  }

  private static void text(OutputStream out, String text) throws IOException {
    out.write(0xa0 | text.length());
    out.write(bytes(text));
  }

  // --- What Redis speaks -----------------------------------------------------------------------------------

  private static final class Redis {
    private final InputStream in;
    private final OutputStream out;
    private final ByteArrayOutputStream waiting = new ByteArrayOutputStream();

    Redis(int port) throws IOException {
      Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
      socket.setTcpNoDelay(true);
      in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
      out = socket.getOutputStream();
    }

    void send(String command, byte[]... arguments) throws IOException {
      waiting.write(bytes("*" + (arguments.length + 1) + "\r\n$" + command.length() + "\r\n" + command + "\r\n"));
      for (byte[] argument : arguments) {
        waiting.write(bytes("$" + argument.length + "\r\n"));
        waiting.write(argument);
        waiting.write(bytes("\r\n"));
      }
    }

    void flush() throws IOException {
      waiting.writeTo(out);
      waiting.reset();
    }

    /** One reply; what is in an array with blanks between. */
    String reply() throws IOException {
      String line = line();
      switch (line.charAt(0)) {
        case '-' -> throw new IOException(line);
        case '$' -> {
          byte[] text = in.readNBytes(Integer.parseInt(line.substring(1)));
          in.skipNBytes(2);
          return new String(text, StandardCharsets.UTF_8);
        }
        case '*' -> {
          StringBuilder all = new StringBuilder();
          for (int left = Integer.parseInt(line.substring(1)); left > 0; left--) {
            all.append(reply()).append(' ');
          }
          return all.toString();
        }
        default -> {
          return line;
        }
      }
    }

    private String line() throws IOException {
      StringBuilder line = new StringBuilder();
      for (int next = in.read(); next != '\r'; next = in.read()) {
        if (next < 0) {
          throw new EOFException();
        }
        line.append((char) next);
      }
      in.skipNBytes(1);
      return line.toString();
    }
  }
}
