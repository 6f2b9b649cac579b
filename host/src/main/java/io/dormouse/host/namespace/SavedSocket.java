package io.dormouse.host.namespace;

import io.dormouse.host.protocol.ValueCodec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a client gets back when it returns.
 *
 * @param id of its socket
 * @param namespace that it was in
 * @param rooms its own not among them
 * @param data a JSON object
 * @param offset where it had got when it joined, for a client that has seen no event yet
 * @param live whether its host knew of no break yet
 * @param savedMillis when this was so, by its host's clock
 */
public record SavedSocket(
    String id,
    String namespace,
    List<String> rooms,
    String data,
    String offset,
    boolean live,
    long savedMillis) {

  /** For a store. */
  public byte[] json() {
    return ValueCodec.HOST.write(this);
  }

  /** What {@link #json} wrote; null when it is something else. */
  public static @Nullable SavedSocket of(byte[] json) {
    try {
      SavedSocket saved = ValueCodec.HOST.read(json, SavedSocket.class);
      boolean whole =
          saved != null
              && saved.id != null
              && saved.namespace != null
              && saved.rooms != null
              && saved.data != null
              && saved.offset != null;
      return whole ? saved : null;
    } catch (RuntimeException unreadable) {
      return null;
    }
  }
}
