package io.dormouse.host.engine;

import io.dormouse.api.Transport;
import io.dormouse.host.engine.FrameReader.BadFrame;
import io.dormouse.host.engine.FrameReader.Incoming;
import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader;
import io.helidon.common.buffers.DataWriter;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.common.task.InterruptableTask;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.ServerConnectionException;
import io.helidon.webserver.spi.ServerConnection;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client's WebSocket after the handshake, whose bytes are ours.
 *
 * <p>The virtual thread that Helidon gives the connection reads; whoever drains the outbound queue
 * writes, one thread at a time. A connection that came with a session id first probes and then
 * takes the session over from polling (protocol, "Upgrade").
 *
 * <pre>
 *   OPEN ── close frame received, or session closed ──→ CLOSING ── close frame written and FIN, or
 *   its deadline passed ──→ CLOSED
 * </pre>
 *
 * <p>While CLOSING it is read on: what a client had sent before it saw our close frame is handed to
 * the session, which knows whether anybody wants it.
 */
final class WebSocketConnection
    implements ServerConnection, SessionTransport, InterruptableTask<Void> {
  private static final Logger LOG = LoggerFactory.getLogger(WebSocketConnection.class);
  private static final byte[] PROBE = "2probe".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] UPGRADE = {'5'};

  private final EngineServer engine;
  private final ConnectionContext context;
  private final DataWriter out;
  private final FrameReader in;
  private final Session session;
  private volatile boolean owned;
  private volatile boolean probed;
  private volatile boolean closing;

  /**
   * @param probing the session to take over; null to open one from {@code request}
   */
  WebSocketConnection(
      EngineServer engine,
      ConnectionContext context,
      @Nullable Session probing,
      @Nullable SessionRequest request) {
    this.engine = engine;
    this.context = context;
    this.out = context.dataWriter();
    this.in = new FrameReader(context.dataReader(), engine.settings().maxPayload());
    if (probing == null) {
      this.owned = true;
      this.session = engine.create(Objects.requireNonNull(request), this);
    } else {
      this.session = probing;
    }
  }

  @Override
  public void handle(Limit limit) {
    CloseReason reason = CloseReason.TRANSPORT_ERROR;
    try {
      if (owned) {
        engine.open(session);
      } else if (session.beginUpgrade(this)) {
        engine.closeLater(this, engine.settings().upgradeTimeout());
      } else {
        // After the handshake, as the reference server does: clients take a refusal before it
        // badly.
        throw new BadFrame(CloseReason.TRANSPORT_ERROR, "the session upgrades or has upgraded");
      }
      reason = read();
    } catch (BadFrame bad) {
      reason = bad.reason();
      LOG.atInfo().addKeyValue("session", session).log("Bad frame: {}", bad.getMessage());
      linger(reason);
    } catch (DataReader.InsufficientDataAvailableException fin) {
      reason = CloseReason.TRANSPORT_CLOSE;
    } catch (ServerConnectionException | UncheckedIOException broken) {
      LOG.atDebug().addKeyValue("session", session).log("Connection broke: {}", broken.toString());
    } catch (RuntimeException failed) {
      LOG.atError().addKeyValue("session", session).setCause(failed).log("Reading failed");
    } finally {
      end(reason);
    }
  }

  /** Reads until the client says goodbye. */
  private CloseReason read() {
    while (true) {
      switch (in.next()) {
        case Incoming.Text(byte[] bytes) -> text(bytes);
        case Incoming.Binary(byte[] bytes) -> {
          if (owned) {
            session.receiveBinary(bytes);
          }
        }
        case Incoming.Ping(byte[] bytes) -> answer(Frame.pong(bytes));
        case Incoming.Pong() -> {}
        case Incoming.Close(int code) -> {
          goodbye(Frame.close(code));
          return CloseReason.TRANSPORT_CLOSE;
        }
      }
    }
  }

  private void text(byte[] bytes) {
    if (owned) {
      session.receiveText(bytes, 0, bytes.length);
    } else if (!probed && Arrays.equals(bytes, PROBE)) {
      write(Frame.PROBE_PONG);
      probed = true;
      session.probed();
    } else if (probed && Arrays.equals(bytes, UPGRADE)) {
      owned = true;
      if (session.upgrade(this)) {
        engine.upgraded(this, session);
      } else {
        owned = false;
        if (session.isLingering()) {
          // Its last packets: the client has stopped polling for them.
          drain(session);
        }
        throw new BadFrame(CloseReason.SERVER_CLOSE, "the session closed during its upgrade");
      }
    } else {
      throw new BadFrame(CloseReason.PARSE_ERROR, "a probe must be 2probe, then 5");
    }
  }

  private void answer(Frame frame) {
    if (owned) {
      session.send(Message.of(frame));
    } else {
      write(frame);
    }
  }

  /** Queues a last frame behind all others. */
  private void goodbye(Frame frame) {
    closing = true;
    if (!owned) {
      write(frame);
    } else if (session.outbound().close(Message.of(frame)) == OutboundQueue.Offer.WAKE) {
      drain(session);
    } else {
      session.outbound().awaitDrained(EngineServer.GOODBYE);
    }
  }

  /** Says why, and reads on a little, since unread bytes would turn our FIN into RST. */
  private void linger(CloseReason reason) {
    engine.closeLater(this, EngineServer.GOODBYE);
    if (owned) {
      session.close(reason);
    } else {
      goodbye(Frame.close(reason.webSocketCode()));
    }
    try {
      while (true) {
        var _ = context.dataReader().readBuffer();
      }
    } catch (RuntimeException ended) {
      LOG.trace("Client went after our close frame", ended);
    }
  }

  private void end(CloseReason reason) {
    if (owned) {
      session.close(reason);
      session.end();
    } else {
      session.abandonUpgrade(this);
    }
    engine.closed(this);
  }

  boolean isProbed() {
    return probed && !owned;
  }

  /** Ends an upgrade because its session has closed. */
  void abort() {
    if (!owned) {
      closeSocket();
    }
  }

  @Override
  public Transport name() {
    return Transport.WEBSOCKET;
  }

  @Override
  public void wake(Session woken) {
    Thread.startVirtualThread(() -> drain(woken));
  }

  @Override
  public void drain(Session drained) {
    byte[] buffer = engine.buffers().take();
    OutboundQueue.Batch batch = new OutboundQueue.Batch();
    try {
      while (true) {
        int length = drained.outbound().take(buffer, batch);
        Frame large = batch.large;
        if (length > 0) {
          out.writeNow(BufferData.create(buffer, 0, length));
        } else if (large != null) {
          out.writeNow(BufferData.create(large.bytes(), 0, large.size()));
        } else {
          return;
        }
      }
    } catch (RuntimeException broken) {
      drained.outbound().clear();
      closeSocket();
    } finally {
      engine.buffers().give(buffer);
    }
  }

  /** Writes past the queue, while this connection owns no session and only the reader writes. */
  private void write(Frame frame) {
    out.writeNow(BufferData.create(frame.bytes(), 0, frame.size()));
  }

  @Override
  public void finish(Session finished, CloseReason reason) {
    if (reason == CloseReason.SLOW_CONSUMER) {
      finished.outbound().clear();
      closeSocket();
      return;
    }
    engine.closeLater(this, EngineServer.GOODBYE);
    closing = true;
    if (finished.outbound().close(Message.of(Frame.close(reason.webSocketCode())))
        == OutboundQueue.Offer.WAKE) {
      wake(finished);
    }
  }

  void closeSocket() {
    try {
      context.serverSocket().close();
    } catch (RuntimeException alreadyClosed) {
      LOG.trace("Closing a socket failed", alreadyClosed);
    }
  }

  @Override
  public Duration idleTime() {
    return Duration.ZERO;
  }

  @Override
  public void close(boolean interrupt) {
    session.close(CloseReason.SHUTDOWN);
  }

  @Override
  public boolean canInterrupt() {
    return closing;
  }
}
