package io.dormouse.host.namespace;

import io.dormouse.api.EventError;
import io.dormouse.api.Replies;
import io.dormouse.host.protocol.Encoder;
import io.dormouse.host.protocol.EventData;
import io.dormouse.host.protocol.RawArguments;
import io.dormouse.host.protocol.ValueCodec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Emits to the handlers of a namespace on other hosts. */
public record HostsOperator(Namespaces namespaces, String name, Owner owner) {
  /** What others take longer for than the backplane waits is not waited for here either. */
  private static final Duration LONGER_THAN_ANY = Duration.ofMinutes(10);

  /** Names by which Node's servers tell their own handlers something; one of them ends a server. */
  private static final Set<String> OF_NODE = Set.of("connection", "new_namespace");

  private EventData data(String event, @Nullable Object[] arguments) {
    owner.checkLive();
    if (OF_NODE.contains(event)) {
      throw new IllegalArgumentException(
          "The server-side event '" + event + "' is reserved by Socket.IO; use another name.");
    }
    return Encoder.data(event, owner.codec(), arguments);
  }

  void emit(String event, @Nullable Object... arguments) {
    namespaces.backplane().serverSideEmit(name, data(event, arguments));
  }

  <T> Replies<T> emitWithAck(Class<T> type, String event, @Nullable Object... arguments) {
    EventData data = data(event, arguments);
    owner.leases().takeMore();
    try {
      Backplane.Answers answers =
          namespaces.backplane().serverSideAsk(name, data).await(LONGER_THAN_ANY);
      List<T> values = read(answers.values(), type, owner);
      return new Replies<>(values, answers.asked() - values.size());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return new Replies<>(List.of(), 0);
    } finally {
      owner.leases().give();
    }
  }

  Set<String> rooms() {
    Set<String> rooms = new TreeSet<>(namespaces.local().rooms(name));
    rooms.addAll(namespaces.backplane().rooms(name));
    return rooms;
  }

  /** What does not fit is left out, to be counted as missing. */
  static <T> List<T> read(List<RawArguments> answers, Class<T> type, Owner owner) {
    List<T> values = new ArrayList<>();
    for (RawArguments answer : answers) {
      try {
        values.add(ValueCodec.first(owner.codec().arguments(answer), type));
      } catch (EventError doesNotFit) {
        // Counted as missing, as the operator's contract says.
      }
    }
    return values;
  }
}
