package io.dormouse.host.namespace;

import io.dormouse.host.protocol.ValueCodec;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;

/**
 * One generation of a plugin as the namespaces see it: who reads and writes its values, who uses it
 * at the moment, and how its handlers do. Dropping it frees the generation's classes.
 *
 * <p>All methods may be called from any thread.
 */
public final class Owner {
  /** The host itself, which emits into namespaces but serves none. */
  static final Owner HOST = new Owner("", ValueCodec.HOST, Owner.class.getClassLoader());

  private final String pluginId;
  private final ValueCodec codec;
  private final ClassLoader loader;
  private final Runnable onFailure;
  private final Leases leases = new Leases();
  private final LongAdder calls = new LongAdder();
  private final LongAdder failures = new LongAdder();
  private volatile long lastUsed = System.nanoTime();
  private volatile boolean retired;

  /** Of whose failures nobody wants to hear. */
  public Owner(String pluginId, ValueCodec codec, ClassLoader loader) {
    this(pluginId, codec, loader, () -> {});
  }

  /**
   * @param codec reads and writes values of the plugin's classes
   * @param loader the context class loader of its handlers' threads
   * @param onFailure called on a handler's thread when a handler failed; must not block
   */
  public Owner(String pluginId, ValueCodec codec, ClassLoader loader, Runnable onFailure) {
    this.pluginId = pluginId;
    this.codec = codec;
    this.loader = loader;
    this.onFailure = onFailure;
  }

  public String pluginId() {
    return pluginId;
  }

  public ValueCodec codec() {
    return codec;
  }

  public ClassLoader loader() {
    return loader;
  }

  /** Handlers, tasks and waits for acks that keep this generation from being retired. */
  public Leases leases() {
    return leases;
  }

  /** A client's packet made it work. */
  void used() {
    lastUsed = System.nanoTime();
  }

  /** How long no client has made it work. */
  public Duration idle() {
    return Duration.ofNanos(System.nanoTime() - lastUsed);
  }

  /** A handler is called. */
  void called() {
    calls.increment();
  }

  /** A handler threw what is no answer, or took too long. */
  public void failed() {
    failures.increment();
    onFailure.run();
  }

  /** Calls of handlers so far. */
  public long calls() {
    return calls.sum();
  }

  /** Those that failed. */
  public long failures() {
    return failures.sum();
  }

  /** Nothing that is left of it may emit any more. */
  public void retire() {
    retired = true;
  }

  /**
   * @throws IllegalStateException when this generation was retired: what still runs of it is not to
   *     be heard beside its successor
   */
  void checkLive() {
    if (retired) {
      throw new IllegalStateException(
          "This version of plugin '" + pluginId + "' was retired and cannot emit any more");
    }
  }
}
