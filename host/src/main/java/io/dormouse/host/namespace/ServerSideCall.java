package io.dormouse.host.namespace;

import io.dormouse.host.protocol.Encoder;
import io.dormouse.host.protocol.EventData;
import io.dormouse.host.protocol.RawArguments;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A call of a plugin's handler for what another host said, under a lease. */
final class ServerSideCall {
  private static final Logger LOG = LoggerFactory.getLogger("io.dormouse.host.namespace");

  private ServerSideCall() {}

  /**
   * Calls on a thread of its own; a sleeping plugin is woken.
   *
   * @param key the namespace's name, or its pattern
   * @param answered see {@link LocalSockets#serverSide}
   */
  static void start(
      PluginSlot slot,
      String key,
      String event,
      RawArguments arguments,
      Consumer<EventData> answered) {
    Thread.ofVirtual()
        .name("server-side " + key)
        .start(() -> run(slot, key, event, arguments, answered));
  }

  private static void run(
      PluginSlot slot,
      String key,
      String event,
      RawArguments arguments,
      Consumer<EventData> answered) {
    Lease lease;
    try {
      lease = slot.lease(key);
    } catch (InterruptedException stopping) {
      return;
    }
    if (lease == null) {
      return;
    }
    Handlers handlers = lease.handlers();
    try {
      Handlers.ServerSide handler = handlers == null ? null : handlers.serverSide().get(event);
      if (handlers != null && handler != null) {
        Owner owner = handlers.owner();
        Thread.currentThread().setContextClassLoader(owner.loader());
        answered.accept(
            Encoder.values(owner.codec(), handler.call(owner.codec().arguments(arguments))));
      }
    } catch (Throwable failure) {
      if (handlers != null) {
        handlers.owner().failed();
      }
      LOG.atError()
          .addKeyValue("plugin", slot.pluginId())
          .addKeyValue("namespace", key)
          .addKeyValue("exception", failure.getClass().getName())
          .log(
              "Plugin '{}': the server-side handler of '{}' failed. [{}]",
              slot.pluginId(),
              event,
              NamespaceErrorCode.HANDLER_FAILED);
    } finally {
      Thread.currentThread().setContextClassLoader(ServerSideCall.class.getClassLoader());
      lease.give();
    }
  }
}
