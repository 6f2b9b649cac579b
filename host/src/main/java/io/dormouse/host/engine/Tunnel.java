package io.dormouse.host.engine;

import io.dormouse.host.engine.SessionRouter.Owner;
import io.dormouse.host.engine.SessionRouter.Pipe;
import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.common.task.InterruptableTask;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.spi.ServerConnection;
import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client's WebSocket whose session lives on another host: bytes go both ways unread, each way by
 * a virtual thread of its own that holds one buffer. Who sends faster than the other side takes is
 * not read from meanwhile.
 *
 * <pre>
 *   client's FIN → FIN to the owner, whose FIN is waited for a moment
 *   client's RST → RST to the owner
 *   the owner's FIN or RST, or a side that takes nothing for too long → both ends are closed
 * </pre>
 */
final class Tunnel implements ServerConnection, InterruptableTask<Void> {
  private static final Logger LOG = LoggerFactory.getLogger(Tunnel.class);
  private static final int BUFFER_BYTES = 16 * 1024;
  private static final Duration LAST_WORDS = EngineServer.GOODBYE.multipliedBy(2);

  private final Strays strays;
  private final ConnectionContext context;
  private final Owner owner;
  private final String sid;
  private final Pipe pipe;

  /** Since when a write blocks, in nanoseconds; 0 while none does. */
  private volatile long clientBlocksSince;

  private volatile long ownerBlocksSince;
  private volatile boolean released;

  Tunnel(Strays strays, ConnectionContext context, Owner owner, String sid, Pipe pipe) {
    this.strays = strays;
    this.context = context;
    this.owner = owner;
    this.sid = sid;
    this.pipe = pipe;
  }

  @Override
  public void handle(Limit limit) {
    Thread back = Thread.ofVirtual().name("tunnel").start(this::toClient);
    try {
      toOwner();
      pipe.endOutput();
      if (!back.join(LAST_WORDS)) {
        LOG.debug("Host {} does not end a tunnel that its client has ended", owner.id());
      }
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    } catch (IOException | RuntimeException broken) {
      LOG.debug("A tunnel to host {} ends: {}", owner.id(), broken.toString());
      pipe.reset();
    } finally {
      pipe.close();
      strays.ended(this);
    }
  }

  /** Returns at the client's FIN. */
  private void toOwner() throws IOException {
    while (true) {
      BufferData bytes;
      try {
        bytes = context.dataReader().readBuffer();
      } catch (DataReader.InsufficientDataAvailableException fin) {
        return;
      }
      ownerBlocksSince = now();
      bytes.writeTo(pipe.out());
      ownerBlocksSince = 0;
    }
  }

  private void toClient() {
    byte[] buffer = new byte[BUFFER_BYTES];
    try {
      for (int read = pipe.in().read(buffer); read >= 0; read = pipe.in().read(buffer)) {
        clientBlocksSince = now();
        context.dataWriter().writeNow(BufferData.create(buffer, 0, read));
        clientBlocksSince = 0;
      }
    } catch (IOException | RuntimeException broken) {
      LOG.debug("A tunnel from host {} ends: {}", owner.id(), broken.toString());
    } finally {
      pipe.close();
      closeClient();
    }
  }

  private static long now() {
    long now = System.nanoTime();
    return now == 0 ? 1 : now;
  }

  /** Ends it when a side has taken nothing for so long. */
  void tick(long now, long patienceNanos) {
    if (isOver(clientBlocksSince, now, patienceNanos)
        || isOver(ownerBlocksSince, now, patienceNanos)) {
      end();
    }
  }

  private static boolean isOver(long since, long now, long patienceNanos) {
    return since != 0 && now - since > patienceNanos;
  }

  private void end() {
    pipe.reset();
    // Ending TLS says goodbye to the client, who may not listen.
    Thread.startVirtualThread(this::closeClient);
  }

  private void closeClient() {
    try {
      context.serverSocket().close();
    } catch (RuntimeException alreadyClosed) {
      LOG.trace("Closing a socket failed", alreadyClosed);
    }
  }

  boolean isReleased() {
    return released;
  }

  /** Asks the owner to say goodbye to the client; false when that was done before. */
  synchronized boolean release() {
    if (released) {
      return false;
    }
    released = true;
    Thread.startVirtualThread(() -> owner.release(sid));
    return true;
  }

  @Override
  public Duration idleTime() {
    return Duration.ZERO;
  }

  @Override
  public void close(boolean interrupt) {
    if (interrupt) {
      end();
    }
  }

  @Override
  public boolean canInterrupt() {
    return false;
  }
}
