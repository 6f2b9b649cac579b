package io.dormouse.emitter;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Chooses sockets of one namespace, whichever host they are on, and emits to them. The same words
 * as those of a plugin's broadcasts.
 *
 * <p>Immutable: {@code to}, {@code except}, {@code asVolatile}, {@code compress} and {@code
 * timeout} return a new operator, so one can be kept and reused from any thread. Without {@link
 * #to} it addresses everyone.
 */
public final class BroadcastOperator {
  /** What Node's emitter calls itself: nobody's own id, so that everybody reads it. */
  private static final String UID = "emitter";

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final Emitter emitter;
  private final Target target;

  BroadcastOperator(Emitter emitter, Target target) {
    this.emitter = emitter;
    this.target = target;
  }

  private BroadcastOperator with(Target changed) {
    return new BroadcastOperator(emitter, changed);
  }

  /** Adds rooms: a socket in any of them is addressed, once. A socket's id is a room of its own. */
  public BroadcastOperator to(String... rooms) {
    return with(target.to(rooms));
  }

  /** Leaves out sockets that are in any of these rooms. */
  public BroadcastOperator except(String... rooms) {
    return with(target.except(rooms));
  }

  /** What is emitted may be dropped for a socket whose client is slow to read. */
  public BroadcastOperator asVolatile() {
    return with(target.asVolatile());
  }

  /** Whether a large packet may be compressed on transports that can. On when not called. */
  public BroadcastOperator compress(boolean compress) {
    return with(target.compress(compress));
  }

  /**
   * How long {@link #emitWithAck} and {@link #emitAndConfirm} wait; five seconds when not called.
   */
  public BroadcastOperator timeout(Duration timeout) {
    return with(target.timeout(timeout));
  }

  /**
   * Emits an event to all chosen sockets and returns as soon as Redis has it.
   *
   * @throws IllegalArgumentException when the name is one of Socket.IO's own, an argument cannot be
   *     written, or hosts would refuse the event for its size or depth
   * @throws NotPublished when Redis does not take it
   */
  public void emit(String event, @Nullable Object... arguments) {
    emitter.publish(broadcastChannel(), broadcast(null, event, arguments));
  }

  /**
   * Emits an event and blocks until every host has told how many sockets it reached, or the timeout
   * has passed. Node servers get the event but tell nothing, and are not in the receipt. When no
   * host serves the namespace, nobody can say so, and the timeout passes.
   */
  public Receipt emitAndConfirm(String event, @Nullable Object... arguments) {
    String id = emitter.answers().newId();
    byte[] message = broadcast(id, event, arguments);
    Question question = emitter.answers().open(target.namespace(), id);
    try {
      // A host without a member of the room would not read it on the room's channel.
      emitter.publish(channel(""), message);
      question.await(false, target.timeoutOrUsual());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } finally {
      emitter.answers().forget(id);
    }
    return new Receipt(question.hosts(), question.sockets(), question.complete());
  }

  /**
   * Emits an event and blocks until every chosen socket has answered or the timeout has passed. Who
   * did not answer in time or left is only counted in {@link Replies#missing}; that is no error.
   *
   * @param type what the first argument of each answer is read as
   */
  public <T> Replies<T> emitWithAck(Class<T> type, String event, @Nullable Object... arguments) {
    String id = emitter.answers().newId();
    Target timed = target.timeout(target.timeoutOrUsual());
    ObjectNode request = NODES.objectNode();
    request.put("uid", UID + "-" + id).put("requestId", id).put("type", 7);
    request.set("packet", packet(emitter.values().event(event, arguments)));
    request.set("opts", timed.options());
    byte[] message = Wire.msgpack(request);
    Question question = emitter.answers().open(target.namespace(), id);
    try {
      emitter.publish(channel("-request"), message);
      question.await(true, target.timeoutOrUsual());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } finally {
      emitter.answers().forget(id);
    }
    List<T> values = new ArrayList<>();
    for (JsonNode answer : question.values()) {
      T value = emitter.values().read(answer, type);
      if (value != null) {
        values.add(value);
      }
    }
    int missing = Math.max(0, question.sockets() - values.size());
    return new Replies<>(values, missing, question.complete());
  }

  /** Puts the chosen sockets into rooms. */
  public void socketsJoin(String... rooms) {
    request(2, rooms);
  }

  /** Takes the chosen sockets out of rooms. */
  public void socketsLeave(String... rooms) {
    request(3, rooms);
  }

  /**
   * Disconnects the chosen sockets from this namespace.
   *
   * @param close whether to close their connections too, and so leave all their namespaces
   */
  public void disconnectSockets(boolean close) {
    ObjectNode request = chosen(4);
    request.put("close", close);
    publishRequest(request);
  }

  /**
   * Emits an event to the servers themselves, whatever sockets are chosen: plugins and Node servers
   * that serve this namespace and listen for it.
   */
  public void serverSideEmit(String event, @Nullable Object... arguments) {
    ObjectNode request = NODES.objectNode();
    request.put("uid", UID).put("type", 6);
    request.set("data", emitter.values().serverEvent(event, arguments));
    publishRequest(request);
  }

  private void request(int type, String... rooms) {
    ObjectNode request = chosen(type);
    Target.names(rooms).forEach(request.putArray("rooms")::add);
    publishRequest(request);
  }

  private ObjectNode chosen(int type) {
    ObjectNode request = NODES.objectNode();
    request.put("type", type);
    request.set("opts", target.chosen());
    return request;
  }

  private void publishRequest(ObjectNode request) {
    emitter.publish(channel("-request"), Wire.jsonOrMsgpack(request));
  }

  private byte[] broadcast(@Nullable String receipt, String event, @Nullable Object... arguments) {
    ArrayNode message = NODES.arrayNode();
    message.add(UID);
    message.add(packet(emitter.values().event(event, arguments)));
    message.add(target.options());
    if (receipt != null) {
      message.addObject().put("receipt", receipt);
    }
    return Wire.msgpack(message);
  }

  private ObjectNode packet(ArrayNode data) {
    ObjectNode packet = NODES.objectNode();
    packet.put("type", 2);
    packet.set("data", data);
    packet.put("nsp", target.namespace());
    return packet;
  }

  private String channel(String kind) {
    return emitter.key() + kind + "#" + target.namespace() + "#";
  }

  /** The room's own channel when there is just one, so that servers without it need not look. */
  private String broadcastChannel() {
    return target.rooms().size() == 1
        ? channel("") + target.rooms().iterator().next() + "#"
        : channel("");
  }
}
