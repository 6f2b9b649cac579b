package io.dormouse.host.backplane;

import io.dormouse.host.backplane.AnswerReader.Head;
import io.dormouse.host.engine.ClientAddress.Client;
import io.dormouse.host.engine.SessionRouter;
import io.dormouse.host.engine.SessionRouter.OwnerUnreachable;
import io.dormouse.host.engine.SessionRouter.Pipe;
import io.dormouse.host.engine.SessionRouter.Reply;
import io.dormouse.host.engine.SessionRouter.Request;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A host to which requests are forwarded. Its answers are believed when they bear its id: its
 * address may be another one's by now.
 */
final class OtherHost implements SessionRouter.Owner {
  private static final Logger LOG = LoggerFactory.getLogger(OtherHost.class);
  private static final String ID_HEADER = SessionRouter.HOST_HEADER.toLowerCase(Locale.ROOT);
  private static final String ACCEPT_SUFFIX = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  private static final Pattern NUMBER = Pattern.compile("\\d{1,9}");
  private static final Client NOBODY = new Client("", false, "");

  private final String id;
  private final HostConnections connections;
  private final ForwardPass pass;
  private final String path;
  private volatile boolean distrusts;

  OtherHost(String id, HostConnections connections, ForwardPass pass, String path) {
    this.id = id;
    this.connections = connections;
    this.pass = pass;
    this.path = path;
  }

  @Override
  public String id() {
    return id;
  }

  /** Looks after its connections, every second or so; false when there are none. */
  boolean tick(long now) {
    return connections.tick(now);
  }

  /** Closes what rests; what is under way goes on. */
  void close() {
    connections.close();
  }

  @Override
  public Reply send(Request request) throws OwnerUnreachable, IOException {
    OwnerRequest written =
        request(request.method(), target("polling", request.sid(), ""), request.client());
    if (request.gzip()) {
      written.header("Accept-Encoding", "gzip");
    }
    return exchange(written, request);
  }

  /**
   * @param with whose body follows; null for none
   */
  private Reply exchange(OwnerRequest written, @Nullable Request with)
      throws OwnerUnreachable, IOException {
    HostConnection connection = connections.take();
    boolean done = false;
    try {
      InputStream body = with == null ? null : with.body();
      boolean whole = true;
      if (with == null || body == null) {
        written.writeTo(connection);
      } else {
        whole = written.writeTo(connection, body, with.length(), with.limit());
      }
      Reply reply = reply(connection, whole);
      done = true;
      return reply;
    } finally {
      if (!done) {
        connection.close();
      }
    }
  }

  private OwnerRequest request(String method, String target, Client client)
      throws OwnerUnreachable {
    String header = pass.write(method, target, client);
    if (header == null) {
      throw new OwnerUnreachable("Redis has not told the secret yet");
    }
    return new OwnerRequest(method, target, id, header);
  }

  private String target(String transport, String sid, String more) {
    return path + "?EIO=4&transport=" + transport + "&sid=" + sid + more;
  }

  /**
   * @param whole whether all of the request was written, so that another one may follow
   */
  private Reply reply(HostConnection connection, boolean whole) throws OwnerUnreachable {
    Head head = head(connection);
    if (!id.equals(head.headers().get(ID_HEADER))) {
      throw new OwnerUnreachable("another one answers in its place");
    }
    if (head.status() == 401) {
      if (!distrusts) {
        LOG.warn(
            "Host {} does not believe what this host forwards: the clocks of both or their"
                + " dormouse.forward.secret differ. [FORWARD_REFUSED]",
            id);
      }
      distrusts = true;
      throw new OwnerUnreachable("it does not believe this host");
    }
    distrusts = false;
    String length = head.headers().getOrDefault("content-length", "");
    if (!NUMBER.matcher(length).matches()) {
      throw new OwnerUnreachable("its answer does not say how long it is");
    }
    return new Answer(connection, head, Long.parseLong(length), whole);
  }

  private static Head head(HostConnection connection) throws OwnerUnreachable {
    try {
      return connection.in().head();
    } catch (IOException broken) {
      throw new OwnerUnreachable("it did not answer: " + broken);
    }
  }

  @Override
  public Pipe open(String sid, Client client) throws OwnerUnreachable {
    byte[] random = new byte[16];
    ThreadLocalRandom.current().nextBytes(random);
    String key = Base64.getEncoder().encodeToString(random);
    OwnerRequest request =
        request("GET", target("websocket", sid, ""), client)
            .header("Connection", "Upgrade")
            .header("Upgrade", "websocket")
            .header("Sec-WebSocket-Version", "13")
            .header("Sec-WebSocket-Key", key);
    HostConnection connection = connections.open();
    boolean done = false;
    try {
      request.writeTo(connection);
      Head head = head(connection);
      if (head.status() != 101 || !accept(key).equals(head.headers().get("sec-websocket-accept"))) {
        throw new OwnerUnreachable("it refused the WebSocket with " + head.status());
      }
      connection.waitForever();
      done = true;
      return connection;
    } finally {
      if (!done) {
        connection.close();
      }
    }
  }

  /** RFC 6455, section 4.2.2. */
  private static String accept(String key) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-1")
              .digest((key + ACCEPT_SUFFIX).getBytes(StandardCharsets.US_ASCII));
      return Base64.getEncoder().encodeToString(hash);
    } catch (NoSuchAlgorithmException everyJdkHasIt) {
      throw new IllegalStateException(everyJdkHasIt);
    }
  }

  @Override
  public void release(String sid) {
    String target = target("polling", sid, "&" + SessionRouter.RELEASE + "=1");
    try (Reply reply = exchange(request("GET", target, NOBODY), null)) {
      var _ = reply.body().readAllBytes();
    } catch (OwnerUnreachable | IOException gone) {
      LOG.debug("Host {} did not release a session: {}", id, gone.toString());
    }
  }

  /** An answer whose connection serves the next request when it was read to its end. */
  private final class Answer implements Reply {
    private final HostConnection connection;
    private final Head head;
    private final long length;
    private final boolean whole;
    private final Body body;

    Answer(HostConnection connection, Head head, long length, boolean whole) {
      this.connection = connection;
      this.head = head;
      this.length = length;
      this.whole = whole;
      body = new Body(connection.in(), length);
    }

    @Override
    public int status() {
      return head.status();
    }

    @Override
    public Map<String, String> headers() {
      return head.headers();
    }

    @Override
    public long length() {
      return length;
    }

    @Override
    public InputStream body() {
      return body;
    }

    @Override
    public void close() {
      @Nullable String ends = head.headers().get("connection");
      if (whole && body.left == 0 && !"close".equalsIgnoreCase(ends)) {
        connections.give(connection);
      } else {
        connection.close();
      }
    }
  }

  /** As much of a connection as belongs to one answer. */
  private static final class Body extends FilterInputStream {
    private long left;

    Body(InputStream in, long length) {
      super(in);
      left = length;
    }

    @Override
    public int read() throws IOException {
      int next = left == 0 ? -1 : in.read();
      left -= next < 0 ? 0 : 1;
      return next;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int read = left == 0 ? -1 : in.read(bytes, offset, (int) Math.min(length, left));
      left -= Math.max(read, 0);
      return read;
    }
  }
}
