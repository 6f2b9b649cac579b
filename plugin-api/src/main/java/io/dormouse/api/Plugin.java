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
 *
 * <p>A plugin that replaces another version, sleeps and wakes:
 *
 * {@snippet class="LifeExample" region="life"}
 */
public interface Plugin {
  /**
   * Registers namespaces, handlers and tasks. Nothing is visible to a client before this method has
   * returned and {@link #probe} has passed. Whatever it throws keeps the plugin from going live;
   * the host and all other plugins go on.
   */
  void start(PluginContext context) throws Exception;

  /**
   * Called after {@link #start}, before any client is let in; throws when this plugin must not go
   * live, such as when its database does not answer. When it has replaced another version it is
   * called again while that is watched ({@code dormouse.replace.watch-window}); throwing then
   * brings the other version back. Not called when the plugin is woken.
   */
  default void probe() throws Exception {}

  /**
   * Called when this version takes over from another one, after {@link #start} and {@link #probe}
   * and before its first event; the place to migrate {@link PluginContext#state} and {@link
   * Socket#data}. A plugin that overrides it asks for an <em>exclusive</em> replacement: events
   * wait until the other version has ended what it had begun and this method has returned. Without
   * it both versions work side by side for a moment. Throwing brings state and data back to what
   * they were, and the other version goes on. Called after a rollback too, in the version that
   * comes back. With several hosts it is called on each of them, one after the other or at the same
   * time, so that it finds state that was migrated already.
   *
   * @param previousVersion the {@code Plugin-Version} of the other one; versions come in any order
   */
  default void onReplace(String previousVersion) throws Exception {}

  /**
   * Called when the plugin is put to sleep because nobody needs it: no handler and no task runs,
   * and none begins. Afterwards {@link #stop} is called and the object forgotten. What it throws is
   * logged and keeps nothing from sleeping.
   */
  default void onHibernate() throws Exception {}

  /**
   * Called when an event, a connect or a due task has woken the plugin, after {@link #start} of the
   * new object and before that event. Throwing answers those who wait with an error.
   */
  default void onWake() throws Exception {}

  /**
   * Called once when this object goes away, because of another version, sleep, or the host's end:
   * after its last handler and task have ended, while threads of {@link PluginContext#threads} run
   * on. Not called when {@link #start} or {@link #probe} threw, nor when the host dies. What was
   * registered through the context is undone by the host.
   */
  default void stop() throws Exception {}
}
