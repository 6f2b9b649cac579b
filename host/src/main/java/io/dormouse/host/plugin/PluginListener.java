package io.dormouse.host.plugin;

/**
 * Told of what happens to plugins: afterwards, on the thread that did it, in the order in which it
 * happened to one plugin. Must not block, nor call back into the runtime.
 */
@FunctionalInterface
public interface PluginListener {
  void happened(PluginEvent event);
}
