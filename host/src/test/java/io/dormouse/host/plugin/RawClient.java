package io.dormouse.host.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import io.dormouse.host.engine.EngineServer;
import io.dormouse.host.engine.EngineSettings;
import io.dormouse.host.engine.InMemoryClient;
import io.dormouse.host.engine.SessionRequest;
import io.dormouse.host.namespace.Namespaces;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A client without a port that speaks packets as they are on the wire. */
final class RawClient {
  private final BlockingQueue<String> packets = new LinkedBlockingQueue<>();
  private final String namespace;
  private InMemoryClient connection;

  private RawClient(String namespace) {
    this.namespace = namespace.equals("/") ? "" : namespace + ",";
  }

  static RawClient connect(Namespaces namespaces, String namespace) {
    var engine =
        new EngineServer(
            EngineSettings.defaults(),
            namespaces,
            (peer, secure, headers) -> null,
            new SimpleMeterRegistry());
    var request =
        new SessionRequest(
            Map.of(), Map.of("EIO", "4"), "127.0.0.1", false, false, "/socket.io/", Instant.now());
    var client = new RawClient(namespace);
    client.connection = InMemoryClient.connect(engine, request, client::receive, () -> {});
    assertThat(client.next()).startsWith("0{");
    client.connection.send("40" + client.namespace);
    assertThat(client.next()).startsWith("40" + client.namespace + "{\"sid\"");
    return client;
  }

  private void receive(String packet) {
    if (packet.equals("2")) {
      connection.send("3");
    } else {
      packets.add(packet);
    }
  }

  /** Sends an event and returns the ack's arguments as JSON. */
  String ask(String event) {
    connection.send("42" + namespace + "1" + event);
    String answer = next();
    assertThat(answer).startsWith("43" + namespace + "1");
    return answer.substring(("43" + namespace + "1").length());
  }

  /** Sends an event. */
  void say(String event) {
    connection.send("42" + namespace + event);
  }

  /** Answers an event that asked for an ack: id and arguments. */
  void answer(String ack) {
    connection.send("43" + namespace + ack);
  }

  /** The next packet. */
  String next() {
    try {
      String packet = packets.poll(10, TimeUnit.SECONDS);
      assertThat(packet).as("a packet within ten seconds").isNotNull();
      return packet;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  void close() {
    connection.close();
  }
}
