package io.dormouse.host.namespace;

import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The right to call one generation's handlers in one namespace. The generation is not retired
 * before it is given back.
 */
final class Lease {
  /** Of nobody: there is nothing to call. */
  static final Lease NONE = new Lease(null, null, null);

  private final @Nullable PluginSlot slot;
  private final PluginSlot.@Nullable Serving serving;
  private final @Nullable Handlers handlers;
  private final AtomicBoolean given = new AtomicBoolean();

  Lease(
      @Nullable PluginSlot slot,
      PluginSlot.@Nullable Serving serving,
      @Nullable Handlers handlers) {
    this.slot = slot;
    this.serving = serving;
    this.handlers = handlers;
  }

  /** Null when nobody serves the namespace at the moment. */
  @Nullable Handlers handlers() {
    return handlers;
  }

  /** Whether its generation is still the one that serves. */
  boolean isCurrent() {
    return slot != null && slot.now() == serving;
  }

  /** Gives it back; has no effect the second time. */
  void give() {
    if (serving != null && given.compareAndSet(false, true)) {
      serving.owner.used();
      serving.owner.leases().give();
    }
  }
}
