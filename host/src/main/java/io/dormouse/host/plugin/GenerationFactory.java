package io.dormouse.host.plugin;

import io.dormouse.host.namespace.Namespaces;
import io.dormouse.host.namespace.Owner;
import io.dormouse.host.protocol.ValueCodec;
import java.time.Instant;
import java.util.Map;
import java.util.function.IntSupplier;

/** Makes the generations of one plugin, and keeps what they hand on to each other. */
final class GenerationFactory {
  private final Namespaces namespaces;
  private final PluginsSettings settings;
  private final Map<String, Object> configuration;
  private final IntSupplier numbers;
  private final Heritage heritage;

  /**
   * @param configuration the plugin's own
   * @param numbers gives each generation of the host its number
   */
  GenerationFactory(
      Namespaces namespaces,
      PluginsSettings settings,
      Map<String, Object> configuration,
      Heritage heritage,
      IntSupplier numbers) {
    this.namespaces = namespaces;
    this.settings = settings;
    this.configuration = configuration;
    this.heritage = heritage;
    this.numbers = numbers;
  }

  GenerationRecord record(Loadable version) {
    return new GenerationRecord(
        new GenerationName(version.id(), version.version(), numbers.getAsInt()), version.digest());
  }

  /**
   * Loads a version; nothing of it has run yet.
   *
   * @param known whether it was loaded before
   * @param onFailure told when a handler failed
   * @throws PluginRefused when it cannot be loaded
   */
  Generation make(Loadable version, GenerationRecord record, boolean known, Runnable onFailure) {
    PluginSource source = version.load(record.name(), known);
    Owner owner =
        new Owner(version.id(), ValueCodec.of(source.loader()), source.loader(), onFailure);
    var context = new RecordingContext(record.name(), owner, namespaces, configuration, heritage);
    return new Generation(record, source, context, settings.startTimeout());
  }

  /** When the first task is due; {@link Instant#MAX} for none. */
  Instant nextTask() {
    return heritage.tasks().earliest().orElse(Instant.MAX);
  }

  /**
   * Remembers the plugin's state.
   *
   * @throws StateUnreachable when it cannot be read
   */
  StateStore.Snapshot stateSnapshot() {
    return heritage.state().snapshot();
  }
}
