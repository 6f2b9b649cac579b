package io.dormouse.dist;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** A balancer of the simplest kind: each new connection goes to the host that it points at. */
final class Switch implements AutoCloseable {
  private final ServerSocket server;
  private volatile int target;

  Switch(DormouseProcess host) {
    pointAt(host);
    try {
      server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.startVirtualThread(this::accept);
  }

  void pointAt(DormouseProcess host) {
    target = host.port();
  }

  String url() {
    return "http://127.0.0.1:" + server.getLocalPort();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket near = server.accept();
        Socket far = new Socket(InetAddress.getLoopbackAddress(), target);
        Thread.startVirtualThread(() -> copy(near, far));
        Thread.startVirtualThread(() -> copy(far, near));
      } catch (IOException closed) {
        // The loop ends, or the host is away and the client tries again.
      }
    }
  }

  private static void copy(Socket from, Socket to) {
    try (from;
        to) {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException ended) {
      // Both sockets are closed.
    }
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
