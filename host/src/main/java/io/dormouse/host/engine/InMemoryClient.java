package io.dormouse.host.engine;

import io.dormouse.api.Transport;
import io.dormouse.host.engine.OutboundQueue.PollingPayload;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * A client in this process, without a port: it speaks Engine.IO's packets to a session as a client
 * on the network would. For tests of plugins.
 */
public final class InMemoryClient {
  private final Session session;

  private InMemoryClient(Session session) {
    this.session = session;
  }

  /**
   * Opens a session.
   *
   * @param packets gets each packet that the host sends, as in a polling payload; called in order,
   *     one at a time, on any thread
   * @param closed called once, when the session has closed and the last packet was given
   */
  public static InMemoryClient connect(
      EngineServer engine, SessionRequest request, Consumer<String> packets, Runnable closed) {
    EngineErrorCode refusal = engine.admit(request.address());
    if (refusal != null) {
      throw new IllegalStateException("The host lets nobody in. [" + refusal + "]");
    }
    Session session = engine.create(request, new Carrier(packets, closed));
    engine.open(session);
    return new InMemoryClient(session);
  }

  /** Sends a text packet, its type digit first. Blocks while the host reads nothing. */
  public void send(String packet) {
    byte[] bytes = packet.getBytes(StandardCharsets.UTF_8);
    session.receiveText(bytes, 0, bytes.length);
  }

  /** Sends a message packet of binary. */
  public void send(byte[] binary) {
    session.receiveBinary(binary);
  }

  /** Goes away as a client does that closes its connection. */
  public void close() {
    session.close(CloseReason.TRANSPORT_CLOSE);
  }

  /** Gives packets to the client as they come. */
  private static final class Carrier implements SessionTransport {
    private static final int MOST_PACKETS = 1000;

    private final Consumer<String> packets;
    private final Runnable closed;

    Carrier(Consumer<String> packets, Runnable closed) {
      this.packets = packets;
      this.closed = closed;
    }

    @Override
    public Transport name() {
      return Transport.WEBSOCKET;
    }

    @Override
    public void wake(Session session) {
      Thread.startVirtualThread(() -> drain(session));
    }

    @Override
    public synchronized void drain(Session session) {
      OutboundQueue outbound = session.outbound();
      PollingPayload payload = outbound.takePayload(MOST_PACKETS, Integer.MAX_VALUE);
      while (payload != null) {
        String text = new String(payload.bytes(), StandardCharsets.UTF_8);
        for (String packet : text.split("\u001e", -1)) {
          packets.accept(packet);
        }
        payload = outbound.takePayload(MOST_PACKETS, Integer.MAX_VALUE);
      }
    }

    @Override
    public void finish(Session session, CloseReason reason) {
      session.outbound().close(null);
      Thread.startVirtualThread(
          () -> {
            drain(session);
            closed.run();
            session.end();
          });
    }
  }
}
