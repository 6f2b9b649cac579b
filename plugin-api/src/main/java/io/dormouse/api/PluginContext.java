package io.dormouse.api;

import java.time.Duration;
import java.util.concurrent.ThreadFactory;

/**
 * What the host gives a plugin. All that is registered through it is undone when the plugin goes
 * away.
 *
 * <p>Namespaces and handlers are registered inside {@link Plugin#start} only; afterwards those
 * methods throw {@link IllegalStateException}. The rest may be called at any time from any thread.
 *
 * {@snippet class="ContextExample" region="context"}
 */
public interface PluginContext {
  /** The {@code Plugin-Id} of the manifest. */
  String id();

  /** The {@code Plugin-Version} of the manifest. */
  String version();

  /**
   * The namespace of this name, owned by this plugin from now on; the same object on each call.
   *
   * @param name begins with {@code /}; {@code "/"} is the one that clients join without naming any
   */
  Namespace namespace(String name);

  /**
   * All namespaces whose name fits a pattern such as {@code /tenant-{name}}: a parameter stands for
   * one or more characters other than {@code /}. A child comes to life with its first socket and is
   * forgotten after its last; a handler finds what the parameters stand for in {@link
   * Handshake#parameters} and its child in {@link Socket#namespace}. An exact name wins over a
   * pattern. What is emitted through the returned object itself reaches the sockets of all
   * children.
   */
  Namespace namespaces(String pattern);

  /**
   * A namespace of any plugin, to emit into. Reaches nobody while no plugin serves that name, and
   * is then no error.
   */
  BroadcastOperator of(String name);

  /**
   * This plugin's configuration, {@code dormouse.plugin.<id>.*}, as a record: keys are its
   * components in kebab-case. A key left out gives the component its default: null, zero, false or
   * an empty list. Unknown keys and values that do not fit throw, with the key's name, which keeps
   * the plugin from going live.
   */
  <T extends Record> T configuration(Class<T> type);

  /** A logger whose lines carry the plugin's id. */
  System.Logger logger();

  /** This plugin's key-value store, which outlives the loaded version. */
  State state();

  /**
   * Runs a task again and again on a virtual thread, first after one period; the next run is
   * planned when the former has ended, so runs never overlap. What it throws is logged and ends
   * nothing. A second task of the same name replaces the first.
   */
  Task every(String name, Duration period, Runnable task);

  /** Runs a task once, on a virtual thread. A second task of the same name replaces the first. */
  Task after(String name, Duration delay, Runnable task);

  /**
   * Makes virtual threads that end with this loaded version: those that still run when {@link
   * Plugin#stop} has returned are interrupted and waited for a moment. One that does not end is
   * named in the log and keeps the version's classes in memory. Executors of {@code
   * java.util.concurrent} may be made with it. Later it throws {@link IllegalStateException}, and a
   * thread that was made but not started does nothing.
   *
   * <p>Handlers and tasks need none of this: they run on virtual threads already. A thread does not
   * keep the plugin awake.
   *
   * {@snippet class="ContextExample" region="threads"}
   */
  ThreadFactory threads();

  /** What this plugin counts and measures, among the host's own numbers. */
  Metrics metrics();
}
