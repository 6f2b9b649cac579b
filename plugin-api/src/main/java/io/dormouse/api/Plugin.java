package io.dormouse.api;

/**
 * A drop-in JAR's entry point, named by {@code Plugin-Class} in its manifest.
 *
 * <p>The class is public and has a public constructor without parameters. One instance lives as
 * long as one loaded version of the plugin. The host calls these methods one at a time, each on a
 * virtual thread, so all of them may block; each has a deadline ({@code
 * dormouse.plugins.start-timeout}).
 *
 * {@snippet class="EchoExample" region="plugin"}
 */
public interface Plugin {
  /**
   * Registers namespaces, handlers and tasks. Nothing is visible to a client before this method has
   * returned and {@link #probe} has passed. Whatever it throws keeps the plugin from going live;
   * the host and all other plugins go on.
   */
  void start(PluginContext context) throws Exception;

  /**
   * Called once after {@link #start}, before any client is let in; throws when this plugin must not
   * go live, such as when its database does not answer.
   */
  default void probe() throws Exception {}

  /**
   * Called once when the plugin goes away, after its last handler has returned. Not called when
   * {@link #start} or {@link #probe} threw, nor when the host dies. What was registered through the
   * context is undone by the host.
   */
  default void stop() throws Exception {}
}
