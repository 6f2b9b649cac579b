package io.dormouse.dist;

import static org.awaitility.Awaitility.await;

import io.dormouse.dist.cluster.ClusterPlugin;
import io.socket.client.Ack;
import io.socket.client.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.json.JSONArray;
import org.json.JSONObject;

/** Hosts with the plugin of {@code cluster}, joined by a Redis; what was started ends with it. */
final class Cluster implements AutoCloseable {
  static final String NAMESPACE = "/cluster";

  private static final String CONFIGURATION =
      """
      dormouse:
        engine:
          ping-interval: 1s
        socket:
          connect-timeout: 30s
        recovery:
          max-disconnection: %s
        backplane:
          heartbeat: 200ms
          dead-after: %s
          request-timeout: 3s
          %s
          redis:
            url: %s
      """;

  private final Redis redis;
  private final String settings;
  private final String maxDisconnection;
  private final String deadAfter;
  private final Path plugins = PluginJar.folder("cluster", List.of(ClusterPlugin.class));
  private final List<DormouseProcess> hosts = new ArrayList<>();
  private final List<JavaClient> clients = new ArrayList<>();

  /** Hosts, as many as asked for; they are joined when this returns. */
  Cluster(Redis redis, int hosts) {
    this(redis, hosts, "dialects: node");
  }

  /**
   * The same with a setting of one's own.
   *
   * @param settings a line of YAML below {@code dormouse.backplane}
   */
  Cluster(Redis redis, int hosts, String settings) {
    this(redis, hosts, settings, "2m");
  }

  /**
   * The same where clients come back in a time.
   *
   * @param maxDisconnection such as {@code 10s}
   */
  Cluster(Redis redis, int hosts, String settings, String maxDisconnection) {
    this(redis, hosts, settings, maxDisconnection, "1s");
  }

  /**
   * The same where hosts may be slow.
   *
   * @param deadAfter how long a host may be silent
   */
  Cluster(Redis redis, int hosts, String settings, String maxDisconnection, String deadAfter) {
    this.redis = redis;
    this.maxDisconnection = maxDisconnection;
    this.deadAfter = deadAfter;
    this.settings = settings;
    try {
      for (int i = 0; i < hosts; i++) {
        start();
      }
      awaitJoined();
    } catch (RuntimeException | AssertionError failed) {
      close();
      throw failed;
    }
  }

  /** Starts one more host, and does not wait until the others know it. */
  DormouseProcess start() {
    DormouseProcess host = DormouseProcess.start(0, plugins, configuration());
    hosts.add(host);
    return host;
  }

  private String configuration() {
    return CONFIGURATION.formatted(maxDisconnection, deadAfter, settings, redis.url());
  }

  /** Stops a host, and starts another one in its place, with the same port; its exit code. */
  int replace(int index) {
    DormouseProcess old = hosts.get(index);
    int exitCode = old.stop();
    hosts.set(index, DormouseProcess.start(old.port(), plugins, configuration()));
    return exitCode;
  }

  List<DormouseProcess> hosts() {
    return List.copyOf(hosts);
  }

  DormouseProcess host(int index) {
    return hosts.get(index);
  }

  /** Waits until each living host finds the sockets of all of them. */
  void awaitJoined() {
    List<Client> probes = new ArrayList<>();
    for (DormouseProcess host : hosts) {
      if (host.isAlive()) {
        Client probe = connect(host.url(), "probe", "websocket");
        probe.call("join", List.of("probes"));
        probes.add(probe);
      }
    }
    for (Client probe : probes) {
      await("every host to find the sockets of all")
          .atMost(Duration.ofSeconds(20))
          .until(() -> probe.found("probes").size() == probes.size());
    }
    probes.forEach(Client::close);
  }

  /** Connects an official client to {@code /cluster} of a host or another server. */
  Client connect(String url, String name, String transport) {
    JavaClient client = new JavaClient(url, transport);
    clients.add(client);
    return new Client(client, name);
  }

  /** One on a host. */
  Client connect(int host, String name) {
    return connect(host(host).url(), name, "websocket");
  }

  /** Ends all clients; the hosts stay. */
  void disconnectAll() {
    clients.forEach(JavaClient::close);
    clients.clear();
  }

  @Override
  public void close() {
    disconnectAll();
    hosts.stream().filter(DormouseProcess::isAlive).forEach(DormouseProcess::close);
    redis.close();
  }

  /** A client that answers questions with its name. */
  static final class Client {
    private final JavaClient client;
    private final Socket socket;

    private Client(JavaClient client, String name) {
      this.client = client;
      socket =
          client.socket(
              NAMESPACE,
              Map.of("name", name, "token", "of-" + name),
              "said",
              "disconnect",
              "connect");
      socket.on("question", arguments -> ((Ack) arguments[1]).call(name + ": " + arguments[0]));
      socket.connect();
      next("connect");
    }

    String id() {
      return socket.id();
    }

    Socket socket() {
      return socket;
    }

    /** Emits, and returns the first argument of the ack, null when there is none. */
    Object call(String event, Object... arguments) {
      try {
        Object[] answer = JavaClient.call(socket, event, wrapped(arguments));
        return answer.length == 0 ? null : answer[0];
      } catch (Exception e) {
        throw new AssertionError("'" + event + "' was not answered", e);
      }
    }

    private static Object[] wrapped(Object[] arguments) {
      Object[] wrapped = arguments.clone();
      for (int i = 0; i < wrapped.length; i++) {
        if (wrapped[i] instanceof List<?> list) {
          wrapped[i] = new JSONArray(list);
        }
      }
      return wrapped;
    }

    /** The sockets of all hosts in these rooms. */
    List<JSONObject> found(String... rooms) {
      if (!(call("fetch", List.of(rooms)) instanceof JSONArray array)) {
        throw new AssertionError("'fetch' was not answered with a list");
      }
      return IntStream.range(0, array.length()).mapToObj(array::optJSONObject).toList();
    }

    /** The arguments of the next event of this name that this client heard. */
    Object[] next(String event) {
      try {
        return client.next(NAMESPACE, event);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    /** What was said to it next. */
    Object said() {
      return next("said")[0];
    }

    void close() {
      client.close();
    }
  }
}
