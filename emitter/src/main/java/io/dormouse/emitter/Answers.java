package io.dormouse.emitter;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Brings what servers answer to the questions that are open; subscribes when one is first asked.
 */
final class Answers implements AutoCloseable {
  private static final String LETTERS =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  private static final int ID_LENGTH = 16;

  private final RedisClient redis;
  private final String key;
  private final SecureRandom random = new SecureRandom();
  private final Map<String, RedisClient.Subscription> subscriptions = new HashMap<>();
  private final Map<String, Question> open = new ConcurrentHashMap<>();
  private boolean closed;

  Answers(RedisClient redis, String key) {
    this.redis = redis;
    this.key = key;
  }

  String newId() {
    StringBuilder id = new StringBuilder(ID_LENGTH);
    for (int i = 0; i < ID_LENGTH; i++) {
      id.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
    }
    return id.toString();
  }

  /**
   * To be forgotten by whoever opened it. Returns when answers can arrive.
   *
   * @throws NotPublished when they cannot
   */
  Question open(String namespace, String id) {
    listen(namespace);
    Question question = new Question();
    open.put(id, question);
    return question;
  }

  private synchronized void listen(String namespace) {
    if (closed) {
      throw new IllegalStateException("The emitter is closed.");
    }
    if (!subscriptions.containsKey(namespace)) {
      try {
        subscriptions.put(namespace, subscribe(namespace));
      } catch (RuntimeException failed) {
        throw new NotPublished(
            "Answers from '" + namespace + "' cannot be heard, so nothing was asked: " + failed,
            failed);
      }
    }
  }

  void forget(String id) {
    open.remove(id);
  }

  /** The channel for all, and that of one asker, where some Node servers are told to answer. */
  private RedisClient.Subscription subscribe(String namespace) {
    String channel = key + "-response#" + namespace + "#";
    return redis.subscribe(channel.replaceAll("[\\\\*?\\[\\]]", "\\\\$0") + "*", this::received);
  }

  private void received(byte[] message) {
    ObjectNode response = Wire.read(message);
    if (response == null) {
      return;
    }
    Question question = open.get(response.path("requestId").asText(""));
    if (question != null) {
      question.answered(response);
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    subscriptions.values().forEach(Answers::end);
    subscriptions.clear();
  }

  private static void end(RedisClient.Subscription subscription) {
    try {
      subscription.close();
    } catch (RuntimeException away) {
      // A Redis that is away has no subscription any more.
    }
  }
}
