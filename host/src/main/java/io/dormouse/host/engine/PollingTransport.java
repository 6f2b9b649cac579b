package io.dormouse.host.engine;

import io.dormouse.api.Transport;
import io.dormouse.host.engine.OutboundQueue.PollingPayload;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * HTTP long-polling (protocol, "HTTP long-polling"): a GET waits for packets, a POST brings some.
 * At most one of each at a time; a second one closes the session.
 */
final class PollingTransport implements SessionTransport {
  /** python-socketio fails on more packets in one answer. */
  private static final int MAX_PACKETS = 16;

  private static final int MAX_ANSWER_BYTES = 1_000_000;

  private boolean polling;
  private boolean posting;
  private boolean released;
  private @Nullable CloseReason finished;

  /** What a GET is answered with. */
  sealed interface Answer {
    /** Packets. */
    record Packets(PollingPayload payload) implements Answer {}

    /** An error, by which clients know that the session is gone. */
    record Refused(EngineErrorCode code) implements Answer {}
  }

  @Override
  public Transport name() {
    return Transport.POLLING;
  }

  @Override
  public synchronized void wake(Session session) {
    notifyAll();
  }

  @Override
  public void drain(Session session) {
    wake(session);
  }

  /** Ends a waiting poll with a noop, because the client upgrades. */
  synchronized void release() {
    released = true;
    notifyAll();
  }

  @Override
  public synchronized void finish(Session session, CloseReason reason) {
    finished = reason;
    if (reason.hearsOn()) {
      session.outbound().close(null);
    } else if (reason.lingers()) {
      session.outbound().close(Message.of(Frame.CLOSE));
    } else {
      session.outbound().clear();
    }
    notifyAll();
  }

  /** Waits until there is something to answer with; a second poll meanwhile closes the session. */
  Answer poll(Session session) throws InterruptedException {
    synchronized (this) {
      if (!polling) {
        polling = true;
        return await(session);
      }
    }
    session.close(CloseReason.TRANSPORT_ERROR);
    return new Answer.Refused(EngineErrorCode.BAD_REQUEST);
  }

  /** Waits; called with the lock. */
  private Answer await(Session session) throws InterruptedException {
    try {
      while (true) {
        Answer answer = next(session);
        if (answer != null) {
          return answer;
        }
        wait();
      }
    } finally {
      polling = false;
    }
  }

  private @Nullable Answer next(Session session) {
    PollingPayload payload = session.outbound().takePayload(MAX_PACKETS, MAX_ANSWER_BYTES);
    if (payload != null) {
      return new Answer.Packets(payload);
    }
    if (finished != null) {
      return goodbye(finished);
    }
    if (released || session.isUpgrading()) {
      released = false;
      return packet(Frame.NOOP);
    }
    return null;
  }

  /** An unknown session makes clients reconnect at once, which a close packet does not. */
  private static Answer goodbye(CloseReason reason) {
    return switch (reason) {
      case SHUTDOWN -> new Answer.Refused(EngineErrorCode.SESSION_UNKNOWN);
      case TRANSPORT_CLOSE -> packet(Frame.NOOP);
      default -> packet(Frame.CLOSE);
    };
  }

  private static Answer packet(Frame frame) {
    byte[] bytes = new byte[frame.pollingSize()];
    frame.writePolling(bytes, 0);
    return new Answer.Packets(new PollingPayload(bytes, false));
  }

  /** Begins a POST; false, and the session is closed, when another one is under way. */
  boolean beginPost(Session session) {
    synchronized (this) {
      if (!posting) {
        posting = true;
        return true;
      }
    }
    session.close(CloseReason.TRANSPORT_ERROR);
    return false;
  }

  /** To be called before the POST is answered, since the client may send the next one then. */
  synchronized void endPost() {
    posting = false;
  }

  /**
   * Hands the packets of a POST's body to the session (protocol, "Payload").
   *
   * @return false when the body is no payload, and the session is closed
   */
  static boolean receive(Session session, byte[] body) {
    if (!Utf8.isValid(body)) {
      session.close(CloseReason.BAD_TEXT);
      return false;
    }
    int start = 0;
    while (true) {
      int end = start;
      while (end < body.length && body[end] != Frame.SEPARATOR) {
        end++;
      }
      if (!receivePacket(session, body, start, end - start)) {
        session.close(CloseReason.PARSE_ERROR);
        return false;
      }
      if (end == body.length) {
        return true;
      }
      start = end + 1;
    }
  }

  private static boolean receivePacket(Session session, byte[] body, int start, int length) {
    if (length == 0) {
      return false;
    }
    switch (body[start]) {
      case 'b' -> {
        byte[] binary = base64(body, start + 1, length - 1);
        if (binary == null) {
          return false;
        }
        session.receiveBinary(binary);
        return true;
      }
      case '1', '3', '4', '6' -> {
        session.receiveText(body, start, length);
        return true;
      }
      default -> {
        return false;
      }
    }
  }

  /** The Java client breaks lines in its base64. */
  private static byte @Nullable [] base64(byte[] body, int start, int length) {
    byte[] text = new byte[length];
    int size = 0;
    for (int i = start; i < start + length; i++) {
      if (body[i] != '\n' && body[i] != '\r') {
        text[size++] = body[i];
      }
    }
    try {
      return Base64.getDecoder().decode(Arrays.copyOf(text, size));
    } catch (IllegalArgumentException notBase64) {
      return null;
    }
  }
}
