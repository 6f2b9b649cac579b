package io.dormouse.host.hook;

import java.time.Instant;
import java.util.Locale;
import java.util.Map;

/**
 * Something that hooks are told of.
 *
 * @param subject what it happened to, such as {@code plugins/chat}; events of one subject arrive in
 *     the order in which they were told
 * @param data of the CloudEvent: text, numbers, booleans, lists and maps of them
 */
public record HookEvent(Type type, String subject, Instant at, Map<String, ?> data) {
  /** What happened. */
  public enum Type {
    PLUGIN_HIBERNATED,
    PLUGIN_WOKEN,
    PLUGIN_REPLACED,
    PLUGIN_ROLLED_BACK,
    PLUGIN_QUARANTINED,
    HOST_DRAINING,
    HOST_DRAINED;

    /** As it is configured, {@code plugin.rolled-back}. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replaceFirst("_", ".").replace('_', '-');
    }
  }
}
