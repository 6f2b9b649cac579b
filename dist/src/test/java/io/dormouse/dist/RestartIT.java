package io.dormouse.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dormouse.dist.conformance.ConformancePlugin;
import io.socket.client.Socket;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A host that goes away and comes back: official clients return by themselves. */
class RestartIT {
  private final Path plugins = PluginJar.folder("restart", List.of(ConformancePlugin.class));
  private final int port = freePort();

  @Test
  void javaClientsReturn() throws Exception {
    for (String transport : List.of("polling", "websocket")) {
      try (JavaClient client = new JavaClient("http://127.0.0.1:" + port, transport)) {
        Socket socket;
        try (DormouseProcess host = start()) {
          socket = client.connect("/features", null, Socket.EVENT_DISCONNECT);
          assertThat(host.stop()).as("exit code").isZero();
          assertThat(client.next("/features", Socket.EVENT_DISCONNECT)[0].toString())
              .matches("transport (close|error)|ping timeout");
        }
        try (DormouseProcess host = start()) {
          client.next("/features", Socket.EVENT_CONNECT);
          assertThat(JavaClient.call(socket, "echo", "again")).containsExactly("again");
        }
      }
    }
  }

  @Test
  void javaScriptClientsReturn() throws Exception {
    returns(Peer.JS, Peer.node(), "restart.js");
  }

  @Test
  void pythonClientsReturn() throws Exception {
    returns(Peer.PYTHON, Peer.python(), "restart.py");
  }

  /**
   * The program says "connected", is then left alone for a moment, and ends well when it is back.
   */
  private void returns(Path folder, String program, String script) throws Exception {
    Process process;
    try (DormouseProcess host = start()) {
      Path output = Path.of("target", script + ".log");
      ProcessBuilder builder =
          new ProcessBuilder(program, script)
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile());
      builder.environment().put("DORMOUSE_URL", host.url());
      process = builder.start();
      await()
          .atMost(20, TimeUnit.SECONDS)
          .until(() -> java.nio.file.Files.readString(output).contains("connected"));
    }
    try (DormouseProcess host = start()) {
      boolean ended = process.waitFor(20, TimeUnit.SECONDS);
      process.destroyForcibly().waitFor();
      assertThat(ended).as("ended by itself, %s", host.url()).isTrue();
      assertThat(process.exitValue()).as(() -> read(Path.of("target", script + ".log"))).isZero();
    }
  }

  private static String read(Path file) {
    try {
      return java.nio.file.Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }

  private DormouseProcess start() {
    return DormouseProcess.start(port, plugins, SharedHost.CONFIGURATION);
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
