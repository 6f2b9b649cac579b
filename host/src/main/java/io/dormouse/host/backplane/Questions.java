package io.dormouse.host.backplane;

import java.security.SecureRandom;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What this host has asked others and still waits for, by request id. */
final class Questions {
  private static final String LETTERS =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  private static final int ID_LENGTH = 16;

  private final SecureRandom random = new SecureRandom();
  private final Map<String, Question> open = new ConcurrentHashMap<>();
  private final Hosts hosts;

  Questions(Hosts hosts) {
    this.hosts = hosts;
  }

  /** To be closed by whoever opened it. */
  Question open(String namespace) {
    Question question = new Question(newId(), namespace, hosts, this);
    open.put(question.id(), question);
    return question;
  }

  private String newId() {
    StringBuilder id = new StringBuilder(ID_LENGTH);
    for (int i = 0; i < ID_LENGTH; i++) {
      id.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
    }
    return id.toString();
  }

  void close(Question question) {
    open.remove(question.id());
  }

  /** Whether this host asked that itself. */
  boolean isOwn(String requestId) {
    return open.containsKey(requestId);
  }

  /**
   * An answer came; one that nobody waits for is dropped.
   *
   * @param hostId of the host of ours that answered; null when it was a Node server
   */
  void answered(@Nullable String hostId, NodeMessage.Response response) {
    Question question = open.get(response.requestId());
    if (question != null) {
      question.answered(hostId, response);
    }
  }
}
