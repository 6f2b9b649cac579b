package io.dormouse.host.plugin;

import io.dormouse.api.BroadcastOperator;
import io.dormouse.api.Namespace;
import io.dormouse.api.PluginContext;
import io.dormouse.api.State;
import io.dormouse.api.Task;
import io.dormouse.host.namespace.Handlers;
import io.dormouse.host.namespace.HostsOperator;
import io.dormouse.host.namespace.Namespaces;
import io.dormouse.host.namespace.Owner;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a plugin registers while it starts, nothing of it visible yet.
 *
 * <p>Namespaces and handlers are taken until {@link #seal}; everything else works for as long as
 * the generation lives. All methods may be called from any thread.
 */
final class RecordingContext implements PluginContext {
  private final GenerationName name;
  private final Owner owner;
  private final Namespaces namespaces;
  private final Map<String, Object> configuration;
  private final State state;
  private final Tasks tasks;
  private final PluginThreads threads;
  private final GenerationMetrics metrics;
  private final System.Logger logger;
  private final Map<String, RecordedNamespace> recorded = new LinkedHashMap<>();
  private boolean sealed;

  RecordingContext(
      GenerationName name,
      Owner owner,
      Namespaces namespaces,
      Map<String, Object> configuration,
      Heritage heritage) {
    this.name = name;
    this.owner = owner;
    this.namespaces = namespaces;
    this.configuration = configuration;
    this.state = new StoredState(heritage.state(), owner.codec());
    this.tasks = new Tasks(name, owner, heritage.tasks(), heritage.leases());
    this.threads = new PluginThreads(name, owner.loader());
    this.metrics = new GenerationMetrics(name, owner.loader(), heritage.metrics());
    this.logger = new PluginLogger(name.id());
  }

  @Override
  public String id() {
    return name.id();
  }

  @Override
  public String version() {
    return name.version();
  }

  @Override
  public Namespace namespace(String namespace) {
    NamespaceNames.checkName(namespace);
    return record(namespace);
  }

  @Override
  public Namespace namespaces(String pattern) {
    NamespaceNames.checkPattern(pattern);
    return record(pattern);
  }

  private synchronized Namespace record(String nameOrPattern) {
    checkOpen("namespace '" + nameOrPattern + "'");
    return recorded.computeIfAbsent(
        nameOrPattern,
        key ->
            new RecordedNamespace(
                key,
                this,
                namespaces.operator(key, owner),
                new HostsOperator(namespaces, key, owner),
                owner));
  }

  @Override
  public BroadcastOperator of(String namespace) {
    NamespaceNames.checkName(namespace);
    return namespaces.operator(namespace, owner);
  }

  @Override
  public <T extends Record> T configuration(Class<T> type) {
    return ConfigurationReader.read(name.id(), configuration, type);
  }

  @Override
  public System.Logger logger() {
    return logger;
  }

  @Override
  public State state() {
    return state;
  }

  @Override
  public Task every(String task, Duration period, Runnable body) {
    return tasks.every(task, period, body);
  }

  @Override
  public Task after(String task, Duration delay, Runnable body) {
    return tasks.after(task, delay, body);
  }

  @Override
  public PluginThreads threads() {
    return threads;
  }

  @Override
  public GenerationMetrics metrics() {
    return metrics;
  }

  Owner owner() {
    return owner;
  }

  Tasks tasks() {
    return tasks;
  }

  /**
   * @throws IllegalStateException when the plugin has started
   */
  synchronized void checkOpen(String what) {
    if (sealed) {
      throw new IllegalStateException(
          name.title() + " cannot register " + what + " now; do that inside start");
    }
  }

  /** Ends the recording. Returns what was registered, by name or pattern. */
  synchronized Map<String, Handlers> seal() {
    sealed = true;
    Map<String, Handlers> served = new HashMap<>();
    recorded.forEach((key, namespace) -> served.put(key, namespace.recorded()));
    return Map.copyOf(served);
  }

  /** Ends the recording, and the tasks. */
  void close() {
    seal();
    tasks.close();
  }
}
