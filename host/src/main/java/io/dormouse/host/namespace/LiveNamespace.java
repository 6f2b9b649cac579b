package io.dormouse.host.namespace;

import io.dormouse.api.Namespace;
import io.dormouse.host.protocol.ValueCodec;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A namespace that clients can join now: its sockets, its pending acks, and the handlers that serve
 * it at the moment.
 */
final class LiveNamespace {
  private final String name;
  private final Map<String, String> parameters;
  private final Namespaces all;
  private final Adapter adapter = new LocalAdapter();
  private final PendingAcks acks = new PendingAcks();
  private final Namespace view = new NamespaceView(this);
  private volatile Handlers handlers;
  private volatile boolean open = true;
  private volatile boolean quarantined;
  private int members;

  /**
   * @param parameters what a pattern's parameters stand for; empty for an exact name
   */
  LiveNamespace(String name, Map<String, String> parameters, Handlers handlers, Namespaces all) {
    this.name = name;
    this.parameters = parameters;
    this.handlers = handlers;
    this.all = all;
  }

  String name() {
    return name;
  }

  Map<String, String> parameters() {
    return parameters;
  }

  Namespaces all() {
    return all;
  }

  Adapter adapter() {
    return adapter;
  }

  PendingAcks acks() {
    return acks;
  }

  /** What a plugin sees of it. */
  Namespace view() {
    return view;
  }

  Handlers handlers() {
    return handlers;
  }

  ValueCodec codec() {
    return handlers.owner().codec();
  }

  String pluginId() {
    return handlers.owner().pluginId();
  }

  void quarantine() {
    quarantined = true;
  }

  boolean isQuarantined() {
    return quarantined;
  }

  /** Counts a socket in; false when the namespace is closing. */
  synchronized boolean enter() {
    if (!open) {
      return false;
    }
    members++;
    return true;
  }

  /** Counts a socket out, after its last handler has run; true when it was the last one. */
  synchronized boolean exit() {
    members--;
    if (members == 0) {
      notifyAll();
    }
    return members == 0;
  }

  /** Lets nobody in any more; true when nobody was in, and else does nothing. */
  synchronized boolean closeIfEmpty() {
    if (members > 0) {
      return false;
    }
    open = false;
    return true;
  }

  /** Lets nobody in any more and disconnects all, and waits until their handlers have run. */
  void close(Duration limit) {
    synchronized (this) {
      open = false;
    }
    adapter.select(Target.EVERYONE).forEach(ServerSocket::disconnect);
    long deadline = System.nanoTime() + limit.toNanos();
    synchronized (this) {
      try {
        while (members > 0) {
          long left = deadline - System.nanoTime();
          if (left <= 0) {
            return;
          }
          TimeUnit.NANOSECONDS.timedWait(this, left);
        }
      } catch (InterruptedException stopping) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
