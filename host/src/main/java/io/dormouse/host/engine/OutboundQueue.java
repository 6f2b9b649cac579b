package io.dormouse.host.engine;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Frames waiting to reach one client, oldest first.
 *
 * <p>Any thread may {@link #offer}, and offering never blocks: past its limit the session closes as
 * a slow consumer, because one stalled phone must not hold up a broadcast to the others. One thread
 * at a time drains. An idle queue holds no memory but itself.
 *
 * <pre>
 *            offer                take finds nothing
 *   IDLE ───────────→ DRAINING ─────────────────────→ IDLE
 *   IDLE ── cork ───→ CORKED ─── uncork: frames ────→ DRAINING, else IDLE
 *   any  ── close ──→ what waits is still taken, no more is accepted
 * </pre>
 */
final class OutboundQueue {
  /** What became of an offer. */
  enum Offer {
    /** Waits behind others; somebody drains. */
    QUEUED,
    /** Nobody drains: the caller must see to it. */
    WAKE,
    /** Past the limit: not accepted. */
    FULL,
    /** Dropped, since it was volatile and the client is behind, or since the queue is closed. */
    DROPPED
  }

  private enum State {
    IDLE,
    DRAINING,
    CORKED
  }

  private final int limitBytes;
  private final int volatileLimitBytes;

  private @Nullable ArrayDeque<Frame> frames;
  private int bytes;
  private int compressible;
  private boolean closed;
  private State state = State.IDLE;

  /**
   * @param limitBytes past which an offer is {@link Offer#FULL}; a single message always fits into
   *     an empty queue
   * @param volatileLimitBytes past which a volatile offer is {@link Offer#DROPPED}
   */
  OutboundQueue(int limitBytes, int volatileLimitBytes) {
    this.limitBytes = limitBytes;
    this.volatileLimitBytes = volatileLimitBytes;
  }

  synchronized Offer offer(Message message, boolean isVolatile) {
    if (closed || (isVolatile && bytes + message.size() > volatileLimitBytes && bytes > 0)) {
      return Offer.DROPPED;
    }
    if (bytes + message.size() > limitBytes && bytes > 0) {
      return Offer.FULL;
    }
    return add(message);
  }

  private Offer add(Message message) {
    if (frames == null) {
      frames = new ArrayDeque<>(4);
    }
    for (Frame frame : message.frames()) {
      frames.add(frame);
    }
    bytes += message.size();
    if (message.compress()) {
      compressible = frames.size();
    }
    if (state == State.IDLE) {
      state = State.DRAINING;
      return Offer.WAKE;
    }
    return Offer.QUEUED;
  }

  /** Accepts a last message past every limit and nothing after it. */
  synchronized Offer close(@Nullable Message last) {
    if (closed) {
      return Offer.DROPPED;
    }
    Offer offer = last == null ? Offer.QUEUED : add(last);
    closed = true;
    return offer;
  }

  synchronized boolean isEmpty() {
    return bytes == 0;
  }

  /** Forgets what waits and accepts nothing more. */
  synchronized void clear() {
    frames = null;
    bytes = 0;
    closed = true;
    notifyAll();
  }

  /** Waits until a closed queue has been drained, or for {@code limit}. */
  synchronized void awaitDrained(Duration limit) {
    long deadline = System.nanoTime() + limit.toNanos();
    try {
      while (state != State.IDLE || bytes > 0) {
        long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (left <= 0) {
          return;
        }
        wait(left);
      }
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
  }

  /** Lets nobody drain until {@link #uncork}, unless somebody drains already. */
  synchronized void cork() {
    if (state == State.IDLE) {
      state = State.CORKED;
    }
  }

  /** Ends a cork, whoever made it; true when the caller must drain now. */
  synchronized boolean uncork() {
    if (state != State.CORKED) {
      return false;
    }
    state = bytes > 0 ? State.DRAINING : State.IDLE;
    return state == State.DRAINING;
  }

  /** Whether frames wait that the new transport of an upgraded session must drain. */
  synchronized boolean handOver() {
    return state == State.DRAINING;
  }

  /**
   * Moves whole frames into {@code buffer} and returns how many bytes they are. A frame larger than
   * the buffer comes alone, through {@link Batch#large}. Zero bytes and no large frame: the queue
   * is empty, and the caller drains no longer.
   */
  synchronized int take(byte[] buffer, Batch batch) {
    batch.large = null;
    int length = 0;
    Frame next;
    while (frames != null && (next = frames.peek()) != null) {
      if (next.size() > buffer.length - length) {
        if (length == 0) {
          batch.large = next;
          frames.remove();
          bytes -= next.size();
        }
        break;
      }
      frames.remove();
      bytes -= next.size();
      System.arraycopy(next.bytes(), 0, buffer, length, next.size());
      length += next.size();
    }
    if (length == 0 && batch.large == null) {
      state = State.IDLE;
      frames = null;
      if (closed) {
        notifyAll();
      }
    }
    return length;
  }

  /** What {@link #take} found beside the bytes in the buffer. */
  static final class Batch {
    @Nullable Frame large;
  }

  /**
   * Takes the next packets as one polling payload, at most {@code maxPackets} and {@code maxBytes}
   * of them (one at least); null when nothing waits.
   */
  synchronized @Nullable PollingPayload takePayload(int maxPackets, int maxBytes) {
    if (frames == null || frames.isEmpty()) {
      if (state == State.DRAINING) {
        state = State.IDLE;
      }
      return null;
    }
    int count = 0;
    int length = 0;
    for (Frame frame : frames) {
      int added = frame.pollingSize() + (count > 0 ? 1 : 0);
      // The JavaScript client acts on a close packet before the messages of the same answer.
      boolean closes = frame == Frame.CLOSE;
      if (count == maxPackets || (count > 0 && (closes || length + added > maxBytes))) {
        break;
      }
      length += added;
      count++;
    }
    byte[] payload = new byte[length];
    int offset = 0;
    for (int i = 0; i < count; i++) {
      if (i > 0) {
        payload[offset++] = Frame.SEPARATOR;
      }
      Frame frame = frames.remove();
      bytes -= frame.size();
      offset = frame.writePolling(payload, offset);
    }
    boolean compress = compressible > 0;
    compressible = Math.max(0, compressible - count);
    if (frames.isEmpty()) {
      frames = null;
      if (state == State.DRAINING) {
        state = State.IDLE;
      }
    }
    return new PollingPayload(payload, compress);
  }

  /** Packets of one polling answer. */
  record PollingPayload(byte[] bytes, boolean compress) {}
}
