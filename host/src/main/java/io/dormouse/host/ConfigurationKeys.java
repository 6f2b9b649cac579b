package io.dormouse.host;

import io.micronaut.context.BeanContext;
import io.micronaut.context.annotation.ConfigurationReader;
import io.micronaut.core.naming.NameUtils;
import io.micronaut.core.type.Argument;
import io.micronaut.inject.BeanDefinition;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** All keys that the host itself knows; those of plugins are theirs to check. */
final class ConfigurationKeys {
  private final Map<String, ConfigurationKey> byName = new TreeMap<>();
  private final Map<String, ConfigurationKey> byVariable = new TreeMap<>();

  private ConfigurationKeys() {}

  /**
   * @param records annotated with {@code @ConfigurationProperties}
   */
  static ConfigurationKeys of(BeanContext context, List<Class<?>> records) {
    ConfigurationKeys keys = new ConfigurationKeys();
    for (Class<?> type : records) {
      BeanDefinition<?> definition = context.getBeanDefinition(type);
      String prefix =
          definition
              .stringValue(ConfigurationReader.class, ConfigurationReader.PREFIX)
              .orElseThrow();
      for (Argument<?> component : definition.getConstructor().getArguments()) {
        keys.add(
            new ConfigurationKey(
                prefix + "." + NameUtils.hyphenate(component.getName()), component));
      }
    }
    return keys;
  }

  private void add(ConfigurationKey key) {
    byName.put(key.name(), key);
    byVariable.put(key.variable(), key);
  }

  /** In alphabetical order. */
  Collection<ConfigurationKey> all() {
    return byName.values();
  }

  @Nullable ConfigurationKey named(String name) {
    return byName.get(name);
  }

  @Nullable ConfigurationKey setBy(String variable) {
    return byVariable.get(variable);
  }

  /** The known key that was probably meant. */
  Optional<String> nearest(String unknown) {
    return Nearest.of(unknown, byName.keySet());
  }

  /** The known environment variable that was probably meant. */
  Optional<String> nearestVariable(String unknown) {
    return Nearest.of(unknown, byVariable.keySet());
  }
}
