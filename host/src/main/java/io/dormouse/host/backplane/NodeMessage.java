package io.dormouse.host.backplane;

import io.dormouse.host.namespace.SocketSnapshot;
import io.dormouse.host.protocol.EventData;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What stood on a channel of Node's redis-adapter, or of an emitter in its format. A {@code uid}
 * says who published it; Node's emitter leaves it out of its requests.
 */
sealed interface NodeMessage {

  /** Asks something of whoever serves a namespace. */
  sealed interface Request extends NodeMessage {
    String namespace();

    @Nullable String uid();
  }

  /** Answers a request; whose, only the id tells. */
  sealed interface Response extends NodeMessage {
    String requestId();
  }

  /** An event for sockets. */
  record Broadcast(String uid, String namespace, EventData event, Options options, Marks marks)
      implements NodeMessage {}

  /**
   * Puts sockets into rooms (type 2).
   *
   * @param requestId null when no answer is wanted; else {@link NodeWriter#done} is
   */
  record Join(
      String namespace,
      @Nullable String uid,
      Options options,
      List<String> rooms,
      @Nullable String requestId)
      implements Request {}

  /** Takes sockets out of rooms (type 3); {@code requestId} as in {@link Join}. */
  record Leave(
      String namespace,
      @Nullable String uid,
      Options options,
      List<String> rooms,
      @Nullable String requestId)
      implements Request {}

  /** Disconnects sockets (type 4); {@code requestId} as in {@link Join}. */
  record Disconnect(
      String namespace,
      @Nullable String uid,
      Options options,
      boolean close,
      @Nullable String requestId)
      implements Request {}

  /** Asks for the ids of sockets (type 0); answered even when there are none. */
  record SocketsRequest(String namespace, @Nullable String uid, String requestId, Options options)
      implements Request {}

  /** Asks for all rooms, ids of sockets among them (type 1); answered even when there are none. */
  record RoomsRequest(String namespace, @Nullable String uid, String requestId)
      implements Request {}

  /** Asks for sockets (type 5); answered even when there are none. */
  record FetchRequest(String namespace, @Nullable String uid, String requestId, Options options)
      implements Request {}

  /**
   * An event for the servers themselves (type 6).
   *
   * @param requestId null when no answer is wanted
   */
  record ServerSideEmit(
      String namespace, @Nullable String uid, @Nullable String requestId, EventData event)
      implements Request {}

  /**
   * An event for sockets, whose acks are wanted (type 7). Answered by one {@link CountResponse},
   * even of none, and then by an {@link AckResponse} for each ack.
   */
  record AckRequest(
      String namespace, @Nullable String uid, String requestId, EventData event, Options options)
      implements Request {}

  record SocketsResponse(String requestId, List<String> ids) implements Response {}

  record RoomsResponse(String requestId, List<String> rooms) implements Response {}

  record FetchResponse(String requestId, List<SocketSnapshot> sockets) implements Response {}

  /**
   * What a handler answered.
   *
   * @param arguments a JSON array; from Node of at most one value
   */
  record ServerSideResponse(String requestId, EventData arguments) implements Response {}

  /**
   * How many sockets of a host will be waited for.
   *
   * @param hosts how many hosts serve the namespace as the answering one knows; 0 from Node, which
   *     does not tell
   */
  record CountResponse(String requestId, int clientCount, int hosts) implements Response {}

  /**
   * What one client answered.
   *
   * @param arguments a JSON array; from Node of at most one value
   */
  record AckResponse(String requestId, EventData arguments) implements Response {}

  /**
   * How many sockets of a host a broadcast reached. Only hosts of ours answer so.
   *
   * @param hosts how many hosts serve the namespace as the answering one knows
   */
  record ReceiptResponse(String requestId, int sockets, int hosts) implements Response {}

  /** Says that a request of the older form was done. */
  record DoneResponse(String requestId) implements Response {}
}
