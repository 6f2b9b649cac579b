package io.dormouse.host;

import io.helidon.common.socket.SocketOptions;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketOption;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLSocket;

/**
 * Closes connections whose TLS handshake takes too long; Helidon waits for it without end. It sees
 * each new socket because Helidon asks the options to configure it.
 */
final class TlsHandshakes implements SocketOptions {
  private final SocketOptions options;
  private final long timeoutNanos;
  private final Map<SSLSocket, Long> deadlines = new ConcurrentHashMap<>();

  /**
   * @param options what sockets are configured with otherwise
   */
  TlsHandshakes(SocketOptions options, Duration timeout) {
    this.options = options;
    timeoutNanos = timeout.toNanos();
  }

  @Override
  public void configureSocket(Socket socket) {
    options.configureSocket(socket);
    if (socket instanceof SSLSocket tls) {
      deadlines.put(tls, System.nanoTime() + timeoutNanos);
    }
  }

  /** To be called now and then. */
  void closeLate() {
    long now = System.nanoTime();
    deadlines.forEach(
        (socket, deadline) -> {
          if (now - deadline > 0 && deadlines.remove(socket, deadline) && isHandshaking(socket)) {
            // Closing says goodbye to the client, who may not listen.
            Thread.startVirtualThread(() -> close(socket));
          }
        });
  }

  /** Null only until the handshake has ended; afterwards empty when no protocol was agreed on. */
  private static boolean isHandshaking(SSLSocket socket) {
    return socket.getApplicationProtocol() == null;
  }

  private static void close(SSLSocket socket) {
    try {
      socket.close();
    } catch (IOException _) {
      // It is closed all the same.
    }
  }

  @Override
  public Map<SocketOption<?>, Object> socketOptions() {
    return options.socketOptions();
  }

  @Override
  public Duration connectTimeout() {
    return options.connectTimeout();
  }

  @Override
  public Duration readTimeout() {
    return options.readTimeout();
  }

  @Override
  public Optional<Integer> socketReceiveBufferSize() {
    return options.socketReceiveBufferSize();
  }

  @Override
  public Optional<Integer> socketSendBufferSize() {
    return options.socketSendBufferSize();
  }

  @Override
  public boolean socketReuseAddress() {
    return options.socketReuseAddress();
  }

  @Override
  public boolean socketKeepAlive() {
    return options.socketKeepAlive();
  }

  @Override
  public boolean tcpNoDelay() {
    return options.tcpNoDelay();
  }
}
