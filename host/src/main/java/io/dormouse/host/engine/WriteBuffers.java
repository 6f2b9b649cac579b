package io.dormouse.host.engine;

import java.util.concurrent.ArrayBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Buffers in which waiting frames are put side by side, so that they leave in one system call. Kept
 * for reuse, a few of them, so that an idle connection holds none.
 */
final class WriteBuffers {
  private static final int BYTES = 64 * 1024;
  private static final int KEPT = 64;

  private final ArrayBlockingQueue<byte[]> free = new ArrayBlockingQueue<>(KEPT);

  byte[] take() {
    byte @Nullable [] buffer = free.poll();
    return buffer == null ? new byte[BYTES] : buffer;
  }

  void give(byte[] buffer) {
    boolean _ = free.offer(buffer);
  }
}
