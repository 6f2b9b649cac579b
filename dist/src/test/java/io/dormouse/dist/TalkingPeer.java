package io.dormouse.dist;

import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A program of another language that joins the hosts over Redis: a server with sockets of its own,
 * or one that only emits. A test gives it expressions of its language, so that what it does stands
 * there as its documentation has it.
 */
final class TalkingPeer implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String name;
  private final Process process;
  private final Path errors;
  private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
  private final JsonNode ready;

  private TalkingPeer(Redis redis, Path folder, List<String> command) {
    name = command.getLast();
    try {
      errors = Files.createTempFile(Path.of("target"), "peer", ".log");
      ProcessBuilder builder =
          new ProcessBuilder(command).directory(folder.toFile()).redirectError(errors.toFile());
      builder.environment().put("REDIS_URL", redis.url());
      builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
      process = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.startVirtualThread(this::read);
    ready = answer();
  }

  /** A server of Node's with redis-adapter. */
  static TalkingPeer nodeServer(Redis redis) {
    return new TalkingPeer(redis, Peer.JS, List.of(Peer.node(), "cluster/server.js"));
  }

  /** A process with redis-emitter. */
  static TalkingPeer nodeEmitter(Redis redis) {
    return new TalkingPeer(redis, Peer.JS, List.of(Peer.node(), "cluster/emitter.js"));
  }

  /** A process with official clients. */
  static TalkingPeer nodeClients(Redis redis) {
    return new TalkingPeer(redis, Peer.JS, List.of(Peer.node(), "cluster/client.js"));
  }

  /** A process with official clients that lose their host. */
  static TalkingPeer returningClients(Redis redis) {
    return new TalkingPeer(redis, Peer.JS, List.of(Peer.node(), "cluster/returning.js"));
  }

  /** A process with official clients behind a balancer whose hosts are replaced. */
  static TalkingPeer rollingClients(Redis redis) {
    return new TalkingPeer(redis, Peer.JS, List.of(Peer.node(), "cluster/rolling.js"));
  }

  /** A server of Flask-SocketIO with a message queue. */
  static TalkingPeer flaskServer(Redis redis) {
    return new TalkingPeer(
        redis, Peer.PYTHON, List.of(Peer.python(), "-W", "ignore", "flask_server.py"));
  }

  /** A worker with python-socketio and Flask-SocketIO that only emits. */
  static TalkingPeer pythonEmitter(Redis redis) {
    return new TalkingPeer(
        redis, Peer.PYTHON, List.of(Peer.python(), "-W", "ignore", "emitter.py"));
  }

  /** Where clients connect to a server. */
  String url() {
    return "http://127.0.0.1:" + ready.asInt();
  }

  /** Has an expression evaluated and returns its value; an error there is a failure here. */
  JsonNode ask(String expression) {
    try {
      Writer writer = process.outputWriter(StandardCharsets.UTF_8);
      writer.write(expression + "\n");
      writer.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return answer();
  }

  private void read() {
    try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
      reader.lines().filter(line -> line.startsWith("{")).forEach(answers::add);
    } catch (IOException | UncheckedIOException ended) {
      answers.add("{\"error\":\"its output ends\"}");
    }
  }

  private JsonNode answer() {
    try {
      String line = answers.poll(LIMIT.toSeconds(), TimeUnit.SECONDS);
      JsonNode answer = line == null ? null : JSON.readTree(line);
      if (answer == null || answer.has("error")) {
        return fail("%s: %s%n%s", name, answer, Files.readString(errors));
      }
      return answer.get("value");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
