package io.dormouse.host.engine;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds the host on which a session lives, when there are several. Any thread may call. */
public interface SessionRouter {
  /**
   * The parameter by which a host asks an owner to {@link Owner#release}; nothing that clients may
   * say.
   */
  String RELEASE = "release";

  /** The header by which an answer that opens a session says on which host it lives. */
  String HOST_HEADER = "Dormouse-Host";

  /** There is this host only. */
  SessionRouter NONE =
      new SessionRouter() {
        @Override
        public String hostId() {
          return "";
        }

        @Override
        public @Nullable Owner owner(String sid) {
          return null;
        }
      };

  /** With which, and a dot, the ids of this host's sessions begin; empty when it is alone. */
  String hostId();

  /** The host that a session id names; null when it names this one, or none that is known. */
  @Nullable Owner owner(String sid);

  /** Another host. What is sent to it, it answers itself or not at all. */
  interface Owner {
    /** Its id. */
    String id();

    /**
     * Sends a polling request, and returns when the answer begins, which may take a ping interval.
     *
     * @throws OwnerUnreachable when it did not answer; nobody knows what it did
     * @throws IOException when the body of the request cannot be read
     */
    Reply send(Request request) throws OwnerUnreachable, IOException;

    /**
     * Asks for a WebSocket of a session, on which all frames of the client's are still to come.
     *
     * @throws OwnerUnreachable when it did not answer, or refused
     */
    Pipe open(String sid, ClientAddress.Client client) throws OwnerUnreachable;

    /**
     * Has the session end what it does by way of this host: a waiting poll is answered, and a
     * WebSocket said goodbye to. Does nothing when the owner cannot be reached.
     */
    void release(String sid);
  }

  /**
   * A polling request.
   *
   * @param gzip whether the client takes an answer that is compressed so
   * @param length of the body; -1 when it is not known before its end
   * @param limit of the body: once it is longer it is not read on, since the owner refuses it
   * @param body null for none
   */
  record Request(
      String method,
      String sid,
      ClientAddress.Client client,
      boolean gzip,
      long length,
      long limit,
      @Nullable InputStream body) {}

  /** What a host answers. Closed before its end it takes the connection with it. */
  interface Reply extends AutoCloseable {
    int status();

    /** By names in lower case. */
    Map<String, String> headers();

    long length();

    InputStream body();

    @Override
    void close();
  }

  /** Bytes both ways. */
  interface Pipe {
    InputStream in();

    OutputStream out();

    /** Sends FIN; what the other side sends can still be read. */
    void endOutput();

    /** Ends it at once, also for those who read and write just now. */
    void close();

    /** The same by RST, as of a connection that broke. */
    void reset();
  }

  /** A host that is gone, or is not what it was. */
  final class OwnerUnreachable extends Exception {
    public OwnerUnreachable(String reason) {
      super(reason);
    }
  }
}
