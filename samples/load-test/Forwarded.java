import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Echoes over sessions of one host, whose requests come to that host or to another one. Prints what a
 * client waits for an answer, and how many all of them get.
 *
 * <pre>java Forwarded.java OWNER_PORT PORT polling|websocket CLIENTS SECONDS</pre>
 */
class Forwarded {
  private static final String TEXT = "x".repeat(100);
  private static final String EVENT = "42[\"echo\",\"" + TEXT + "\"]";

  private static volatile boolean counting;
  private static volatile boolean ended;

  public static void main(String[] arguments) throws Exception {
    int owner = Integer.parseInt(arguments[0]);
    int port = Integer.parseInt(arguments[1]);
    boolean polls = arguments[2].equals("polling");
    int clients = Integer.parseInt(arguments[3]);
    long seconds = Long.parseLong(arguments[4]);
    List<Long> micros = new ArrayList<>();
    AtomicReference<Throwable> failure = new AtomicReference<>();
    CountDownLatch done = new CountDownLatch(clients);
    for (int i = 0; i < clients; i++) {
      Thread.startVirtualThread(
          () -> {
            List<Long> own = new ArrayList<>();
            try (Client client = polls ? new Polling(owner, port) : new Upgraded(owner, port)) {
              while (!ended) {
                long start = System.nanoTime();
                client.echo();
                if (counting) {
                  own.add((System.nanoTime() - start) / 1000);
                }
              }
            } catch (Exception | Error e) {
              failure.compareAndSet(null, e);
            } finally {
              synchronized (micros) {
                micros.addAll(own);
              }
              done.countDown();
            }
          });
    }
    Thread.sleep(seconds * 500);
    counting = true;
    Thread.sleep(seconds * 1000);
    counting = false;
    ended = true;
    done.await();
    if (failure.get() != null) {
      throw new IllegalStateException(failure.get());
    }
    long[] sorted = micros.stream().mapToLong(Long::longValue).sorted().toArray();
    System.out.printf(
        "result mode=%s clients=%d forwarded=%b per_second=%d p50_us=%d p99_us=%d%n",
        arguments[2],
        clients,
        owner != port,
        sorted.length / seconds,
        sorted[sorted.length / 2],
        sorted[sorted.length * 99 / 100]);
  }

  private interface Client extends AutoCloseable {
    void echo() throws IOException;

    @Override
    void close() throws IOException;
  }

  /** A connection that is kept. */
  private static final class Http implements AutoCloseable {
    final Socket socket;
    final InputStream in;
    private final OutputStream out;

    Http(int port) throws IOException {
      socket = new Socket(InetAddress.getLoopbackAddress(), port);
      socket.setTcpNoDelay(true);
      in = new BufferedInputStream(socket.getInputStream());
      out = socket.getOutputStream();
    }

    void send(String method, String query, String body, String... headers) throws IOException {
      StringBuilder text = new StringBuilder(method + " /socket.io/?EIO=4&transport=" + query);
      text.append(" HTTP/1.1\r\nHost: localhost\r\n");
      for (String header : headers) {
        text.append(header).append("\r\n");
      }
      if (method.equals("POST")) {
        text.append("Content-Length: ").append(body.length()).append("\r\n");
      }
      write(text.append("\r\n").append(body).toString().getBytes(StandardCharsets.US_ASCII));
    }

    void write(byte[] bytes) throws IOException {
      out.write(bytes);
    }

    String answer(int status) throws IOException {
      String start = line();
      if (!start.startsWith("HTTP/1.1 " + status)) {
        throw new IOException(start);
      }
      int length = 0;
      for (String line = line(); !line.isEmpty(); line = line()) {
        if (line.toLowerCase(java.util.Locale.ROOT).startsWith("content-length:")) {
          length = Integer.parseInt(line.substring(15).strip());
        }
      }
      return new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }

    String ask(String method, String query, String body) throws IOException {
      send(method, query, body);
      return answer(200);
    }

    private String line() throws IOException {
      StringBuilder line = new StringBuilder();
      for (int next = in.read(); next != '\n'; next = in.read()) {
        if (next < 0) {
          throw new EOFException();
        }
        if (next != '\r') {
          line.append((char) next);
        }
      }
      return line.toString();
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  /** Opens a session that has joined; returns its id. */
  private static String open(int owner) throws IOException {
    try (Http http = new Http(owner)) {
      String opened = http.ask("GET", "polling", "");
      int start = opened.indexOf("\"sid\":\"") + 7;
      String sid = opened.substring(start, opened.indexOf('"', start));
      http.ask("POST", "polling&sid=" + sid, "40");
      String joined = http.ask("GET", "polling&sid=" + sid, "");
      if (!joined.startsWith("40")) {
        throw new IOException(joined);
      }
      return sid;
    }
  }

  /** One round is a POST and a GET. */
  private static final class Polling implements Client {
    private final Http http;
    private final String query;

    Polling(int owner, int port) throws IOException {
      query = "polling&sid=" + open(owner);
      http = new Http(port);
    }

    @Override
    public void echo() throws IOException {
      http.ask("POST", query, EVENT);
      while (true) {
        List<String> packets = List.of(http.ask("GET", query, "").split("\u001e"));
        if (packets.contains("2")) {
          http.ask("POST", query, "3");
        }
        if (packets.stream().anyMatch(packet -> packet.contains(TEXT))) {
          return;
        }
      }
    }

    @Override
    public void close() throws IOException {
      http.ask("POST", query, "1");
      http.close();
    }
  }

  /** Opened by polling, then upgraded. */
  private static final class Upgraded implements Client {
    private final Http http;

    Upgraded(int owner, int port) throws IOException {
      String sid = open(owner);
      http = new Http(port);
      http.send(
          "GET",
          "websocket&sid=" + sid,
          "",
          "Connection: Upgrade",
          "Upgrade: websocket",
          "Sec-WebSocket-Version: 13",
          "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==");
      http.answer(101);
      send("2probe");
      if (!receive().equals("3probe")) {
        throw new IOException("no answer to the probe");
      }
      send("5");
    }

    private void send(String text) throws IOException {
      byte[] payload = text.getBytes(StandardCharsets.US_ASCII);
      if (payload.length > 125) {
        byte[] frame = new byte[8 + payload.length];
        frame[0] = (byte) 0x81;
        frame[1] = (byte) 0xfe;
        frame[2] = (byte) (payload.length >> 8);
        frame[3] = (byte) payload.length;
        System.arraycopy(payload, 0, frame, 8, payload.length);
        http.write(frame);
      } else {
        byte[] frame = Arrays.copyOf(new byte[] {(byte) 0x81, (byte) (0x80 | payload.length)}, 6 + payload.length);
        System.arraycopy(payload, 0, frame, 6, payload.length);
        http.write(frame);
      }
    }

    private String receive() throws IOException {
      int first = http.in.read();
      int length = http.in.read();
      if (first != 0x81 || length > 126) {
        throw new IOException("frame " + first + " " + length);
      }
      if (length == 126) {
        length = http.in.read() << 8 | http.in.read();
      }
      return new String(http.in.readNBytes(length), StandardCharsets.US_ASCII);
    }

    @Override
    public void echo() throws IOException {
      send(EVENT);
      while (true) {
        String packet = receive();
        if (packet.equals("2")) {
          send("3");
        } else if (packet.contains(TEXT)) {
          return;
        }
      }
    }

    @Override
    public void close() throws IOException {
      http.close();
    }
  }
}
