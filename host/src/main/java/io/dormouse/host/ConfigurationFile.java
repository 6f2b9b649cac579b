package io.dormouse.host;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;

/** A YAML file, its nested keys joined by dots. */
final class ConfigurationFile {
  private ConfigurationFile() {}

  /**
   * @return values are text, numbers, booleans, dates or lists; a key without a value is left out
   * @throws CannotStart when it cannot be read or is not YAML
   */
  static Map<String, Object> read(Path file) {
    LoaderOptions options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    try (Reader reader = Files.newBufferedReader(file)) {
      Map<String, Object> flat = new LinkedHashMap<>();
      Object root = new Yaml(new SafeConstructor(options)).load(reader);
      if (root instanceof Map<?, ?> map) {
        flatten("", map, flat);
      } else if (root != null) {
        throw new CannotStart(
            HostErrorCode.CONFIG_UNREADABLE,
            "Configuration file '" + file + "' is not a map of keys; it begins with 'dormouse:'.");
      }
      return flat;
    } catch (MarkedYAMLException e) {
      throw new CannotStart(
          HostErrorCode.CONFIG_UNREADABLE,
          "Configuration file '%s' is not YAML: line %d: %s."
              .formatted(
                  file,
                  e.getProblemMark() == null ? 1 : e.getProblemMark().getLine() + 1,
                  e.getProblem()));
    } catch (YAMLException e) {
      throw new CannotStart(
          HostErrorCode.CONFIG_UNREADABLE,
          "Configuration file '" + file + "' is not YAML: " + e.getMessage() + ".");
    } catch (NoSuchFileException _) {
      throw new CannotStart(
          HostErrorCode.CONFIG_UNREADABLE,
          "Configuration file '" + file + "' does not exist; name another by --config.");
    } catch (IOException e) {
      throw new CannotStart(
          HostErrorCode.CONFIG_UNREADABLE,
          "Configuration file '%s' cannot be read (%s); it must be text in UTF-8 that this user may read."
              .formatted(file, e.getClass().getSimpleName()));
    }
  }

  private static void flatten(String prefix, Map<?, ?> map, Map<String, Object> flat) {
    map.forEach(
        (key, value) -> {
          String name = prefix + key;
          if (value instanceof Map<?, ?> nested) {
            flatten(name + ".", nested, flat);
          } else if (value != null) {
            flat.put(name, value);
          }
        });
  }
}
