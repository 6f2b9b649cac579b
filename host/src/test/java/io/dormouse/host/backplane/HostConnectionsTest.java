package io.dormouse.host.backplane;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.dormouse.host.engine.SessionRouter.OwnerUnreachable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HostConnectionsTest {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private ServerSocket server;
  private HostConnections connections;

  @BeforeEach
  void listen() throws IOException {
    server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    InternalAddress address = new InternalAddress("127.0.0.1", server.getLocalPort());
    connections = new HostConnections(address, () -> false, PATIENCE);
  }

  @AfterEach
  void close() throws IOException {
    connections.close();
    server.close();
  }

  private static long later(Duration duration) {
    return System.nanoTime() + duration.toNanos();
  }

  @Test
  void oneThatRestsServesTheNextRequest() throws Exception {
    HostConnection first = connections.take();
    connections.give(first);
    assertThat(connections.take()).isSameAs(first);
    assertThat(connections.take()).isNotSameAs(first);
  }

  @Test
  void oneThatHasSaidMoreThanItsAnswerServesNoMore() throws Exception {
    HostConnection first = connections.take();
    try (Socket other = server.accept()) {
      other.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\nmore".getBytes(ISO_8859_1));
      first.in().head();
      connections.give(first);
      assertThat(connections.take()).isNotSameAs(first);
    }
  }

  @Test
  void oneThatEndedWhileItRestedServesNoMore() throws Exception {
    HostConnection first = connections.take();
    first.rests(System.nanoTime());
    server.accept().close();
    await().until(() -> !first.isUsable(later(Duration.ofSeconds(2))));
  }

  @Test
  void whoDoesNotAnswerIsNotWaitedForWithoutEnd() throws Exception {
    HostConnection silent = connections.take();
    var answer = CompletableFuture.supplyAsync(() -> failureOf(silent), Thread::startVirtualThread);
    await()
        .until(
            () -> {
              boolean isUsed = connections.tick(later(PATIENCE.plusSeconds(1)));
              return !isUsed && answer.isDone();
            });
    assertThat(answer.get()).isInstanceOf(IOException.class);
  }

  private static Exception failureOf(HostConnection connection) {
    try {
      throw new AssertionError(connection.in().head());
    } catch (IOException expected) {
      return expected;
    }
  }

  @Test
  void aWebSocketMayBeSilent() throws Exception {
    HostConnection silent = connections.open();
    silent.waitForever();
    try (Socket other = server.accept()) {
      var read = CompletableFuture.supplyAsync(() -> byteOf(silent), Thread::startVirtualThread);
      assertThat(connections.tick(later(PATIENCE.plusSeconds(1)))).isFalse();
      other.getOutputStream().write('!');
      assertThat(read.get()).isEqualTo('!');
    } finally {
      silent.close();
    }
  }

  private static int byteOf(HostConnection connection) {
    try {
      return connection.in().read();
    } catch (IOException ended) {
      throw new AssertionError(ended);
    }
  }

  @Test
  void whatRestsForLongIsClosed() throws Exception {
    HostConnection first = connections.take();
    connections.give(first);
    assertThat(connections.tick(later(Duration.ofSeconds(10)))).isTrue();
    assertThat(connections.tick(later(Duration.ofSeconds(30)))).isFalse();
  }

  @Test
  void aHostThatIsNotReachedAndSaysNothingIsLeftAlone() throws IOException {
    server.close();
    assertThatThrownBy(connections::open)
        .isInstanceOf(OwnerUnreachable.class)
        .hasMessageContaining("not reached at 127.0.0.1");
    assertThatThrownBy(connections::open).hasMessageContaining("not reached lately");
  }
}
