package io.dormouse.host.plugin;

import io.dormouse.api.Plugin;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A version of a plugin without a JAR: its classes are on the host's own class path. */
record ClassPathPlugin(String id, String version, Supplier<? extends Plugin> plugin)
    implements Loadable {
  @Override
  public @Nullable String digest() {
    return null;
  }

  @Override
  public @Nullable String fileName() {
    return null;
  }

  @Override
  public boolean page() {
    return false;
  }

  @Override
  public PluginSource load(GenerationName name, boolean known) {
    return PluginSource.of(plugin);
  }
}
