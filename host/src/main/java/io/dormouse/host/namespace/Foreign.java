package io.dormouse.host.namespace;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dormouse.host.protocol.EventData;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Set;
import java.util.TreeSet;

/**
 * An event that no host of ours has emitted, and that all of them have heard: they know it by its
 * digest.
 */
public record Foreign(
    String digest, String name, Target target, Emission emission, EventData event, long nanos) {
  private static final int DIGEST_BYTES = 16;

  static Foreign of(String name, Target target, Emission emission, EventData event) {
    return new Foreign(
        digest(name, target, event), name, target, emission, event, System.nanoTime());
  }

  private static String digest(String name, Target target, EventData event) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      add(digest, name.getBytes(UTF_8));
      add(digest, target.rooms());
      add(digest, target.except());
      add(digest, event.json());
      event.attachments().forEach(attachment -> add(digest, attachment));
      return HexFormat.of().formatHex(digest.digest(), 0, DIGEST_BYTES);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static void add(MessageDigest digest, Set<String> names) {
    new TreeSet<>(names).forEach(name -> add(digest, name.getBytes(UTF_8)));
    digest.update((byte) 0);
  }

  private static void add(MessageDigest digest, byte[] part) {
    digest.update(Integer.toString(part.length).getBytes(UTF_8));
    digest.update((byte) ':');
    digest.update(part);
  }
}
