package io.dormouse.host;

import io.helidon.common.buffers.DataReader.InsufficientDataAvailableException;
import io.helidon.http.DirectHandler.EventType;
import io.helidon.http.RequestException;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ServerConnectionException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/**
 * A body as handlers read it. Whatever keeps it from being read to its end also ends the
 * connection, since nobody knows where the next request would begin.
 */
final class RequestBody extends FilterInputStream {
  RequestBody(InputStream in) {
    super(in);
  }

  @Override
  public int read() throws IOException {
    try {
      return in.read();
    } catch (RuntimeException e) {
      throw ending(e);
    }
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    try {
      return in.read(buffer, offset, length);
    } catch (RuntimeException e) {
      throw ending(e);
    }
  }

  /** Does nothing: Helidon's stream would wait for more of the body first. */
  @Override
  public void close() {}

  private static RuntimeException ending(RuntimeException e) {
    return switch (e) {
      case ServerConnectionException _,
          InsufficientDataAvailableException _,
          UncheckedIOException _ ->
          new CloseConnectionException("The client is gone", e);
      case RequestException refused -> refused(refused.status(), e);
      // Helidon throws a NumberFormatException for the length of a chunk, for one.
      default -> refused(Status.BAD_REQUEST_400, e);
    };
  }

  private static RequestException refused(Status status, RuntimeException cause) {
    return RequestException.builder()
        .type(EventType.BAD_REQUEST)
        .status(status)
        .setKeepAlive(false)
        .message("The body cannot be read to its end")
        .cause(cause)
        .build();
  }
}
