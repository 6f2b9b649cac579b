package io.dormouse.host.namespace;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A namespace that clients can join now: its sockets, its pending acks, and the slot of the plugin
 * that serves it.
 */
final class LiveNamespace {
  private final String name;
  private final Map<String, String> parameters;
  private final Namespaces all;
  private final Adapter adapter = new LocalAdapter();
  private final PendingAcks acks = new PendingAcks();
  private final String key;
  private volatile PluginSlot slot;
  private volatile boolean open = true;
  private int members;

  /**
   * @param parameters what a pattern's parameters stand for; empty for an exact name
   * @param key the name, or the pattern that it is a child of
   */
  LiveNamespace(
      String name, Map<String, String> parameters, String key, PluginSlot slot, Namespaces all) {
    this.name = name;
    this.parameters = parameters;
    this.key = key;
    this.slot = slot;
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

  /** The name, or the pattern that it is a child of. */
  String key() {
    return key;
  }

  /** Whether it was opened by its name; else it is a pattern's child. */
  boolean isExact() {
    return parameters.isEmpty();
  }

  boolean belongsTo(PluginSlot asked, String nameOrPattern) {
    return slot == asked && key.equals(nameOrPattern);
  }

  synchronized int members() {
    return members;
  }

  String pluginId() {
    return slot.pluginId();
  }

  PluginSlot slot() {
    return slot;
  }

  /** It is served by another slot from now on. */
  void moveTo(PluginSlot other) {
    slot = other;
  }

  /** A lease of whoever serves; see {@link PluginSlot#lease}. */
  Lease lease() throws InterruptedException {
    return lease(slot -> slot.lease(key));
  }

  /** The same for a socket that leaves. */
  Lease leaseToLeave() throws InterruptedException {
    return lease(slot -> slot.leaseToLeave(key));
  }

  @FunctionalInterface
  private interface Asking {
    @Nullable Lease of(PluginSlot slot) throws InterruptedException;
  }

  private Lease lease(Asking asking) throws InterruptedException {
    while (true) {
      PluginSlot asked = slot;
      Lease lease = asking.of(asked);
      if (lease != null) {
        return lease;
      }
      if (slot == asked) {
        return Lease.NONE; // closing
      }
    }
  }

  /** Counts a socket in; false when the namespace is closing. */
  synchronized boolean enter() {
    if (!open) {
      return false;
    }
    members++;
    return true;
  }

  /** Whether it lets nobody in any more. */
  boolean isClosing() {
    return !open;
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
