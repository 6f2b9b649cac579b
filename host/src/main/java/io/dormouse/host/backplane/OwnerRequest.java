package io.dormouse.host.backplane;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.dormouse.host.engine.SessionRouter.OwnerUnreachable;
import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A request to another host, written as its body comes. */
final class OwnerRequest {
  private static final Logger LOG = LoggerFactory.getLogger(OwnerRequest.class);
  private static final int BUFFER_BYTES = 16 * 1024;

  private static final byte[] END_OF_LINE = {'\r', '\n'};

  private final StringBuilder head = new StringBuilder();

  OwnerRequest(String method, String target, String host, String pass) {
    head.append(method).append(' ').append(target).append(" HTTP/1.1\r\n");
    header("Host", host);
    header(ForwardPass.HEADER, pass);
  }

  OwnerRequest header(String name, String value) {
    head.append(name).append(": ").append(value).append("\r\n");
    return this;
  }

  void writeTo(HostConnection connection) throws OwnerUnreachable {
    try {
      connection.out().write(end());
    } catch (IOException broken) {
      throw takesNothing(broken);
    }
  }

  private byte[] end() {
    return head.append("\r\n").toString().getBytes(US_ASCII);
  }

  private static OwnerUnreachable takesNothing(IOException broken) {
    return new OwnerUnreachable("it takes nothing: " + broken);
  }

  /**
   * With a body; not to its end when it is too long or the other side does not take it, which has
   * answered by then. The head goes with the first part of the body, since each write wakes the
   * other side.
   *
   * @param length -1 when it is not known
   * @return whether it was written to its end
   * @throws IOException when the body cannot be read
   */
  boolean writeTo(HostConnection connection, InputStream body, long length, long limit)
      throws OwnerUnreachable, IOException {
    boolean chunked = length < 0;
    if (chunked) {
      header("Transfer-Encoding", "chunked");
    } else {
      header("Content-Length", Long.toString(length));
    }
    OutputStream out = new BufferedOutputStream(connection.out());
    byte[] buffer = new byte[(int) (chunked ? BUFFER_BYTES : Math.min(length, BUFFER_BYTES))];
    try {
      out.write(end());
      if (length == 0) {
        out.flush();
      }
    } catch (IOException broken) {
      throw takesNothing(broken);
    }
    long written = 0;
    while (chunked || written < length) {
      int read = body.read(buffer);
      if (read < 0) {
        if (chunked) {
          return write(out, buffer, 0, true);
        }
        throw new EOFException("the body ends before its length");
      }
      written += read;
      if (!write(out, buffer, read, chunked) || written > limit) {
        return false;
      }
    }
    return true;
  }

  private static boolean write(OutputStream out, byte[] bytes, int length, boolean chunked) {
    try {
      if (chunked) {
        out.write((Integer.toHexString(length) + "\r\n").getBytes(US_ASCII));
      }
      out.write(bytes, 0, length);
      if (chunked) {
        out.write(END_OF_LINE);
      }
      out.flush();
      return true;
    } catch (IOException broken) {
      LOG.debug("A host takes no more of a body: {}", broken.getMessage());
      return false;
    }
  }
}
