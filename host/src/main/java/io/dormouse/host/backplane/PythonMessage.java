package io.dormouse.host.backplane;

import io.dormouse.host.protocol.EventData;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What python-socketio's servers and emitters publish on their one channel. Rooms and socket ids
 * are text here, whatever they are there: a room may be the number 42.
 */
sealed interface PythonMessage {
  /** Of the process that published; null up to python-socketio 5.9, but for an emit. */
  @Nullable String hostId();

  String namespace();

  /**
   * An event.
   *
   * @param rooms null for everyone in the namespace, never empty
   * @param skipped ids of sockets that do not get it
   * @param callback null when no ack is wanted
   */
  record Emit(
      @Nullable String hostId,
      String namespace,
      EventData event,
      @Nullable Set<String> rooms,
      Set<String> skipped,
      @Nullable Callback callback)
      implements PythonMessage {}

  /**
   * An ack that came in for a server. As a message it is for the process with this host id alone,
   * and its arguments are not read, since no host of ours awaits any.
   */
  record Callback(@Nullable String hostId, String sid, String namespace, long id)
      implements PythonMessage {}

  record Disconnect(@Nullable String hostId, String sid, String namespace)
      implements PythonMessage {}

  /** All sockets leave the room. */
  record CloseRoom(@Nullable String hostId, String room, String namespace)
      implements PythonMessage {}

  record EnterRoom(@Nullable String hostId, String sid, String room, String namespace)
      implements PythonMessage {}

  record LeaveRoom(@Nullable String hostId, String sid, String room, String namespace)
      implements PythonMessage {}
}
