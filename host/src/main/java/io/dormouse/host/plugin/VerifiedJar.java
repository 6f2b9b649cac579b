package io.dormouse.host.plugin;

import static io.dormouse.host.plugin.PluginErrorCode.PLUGIN_BAD_JAR;
import static io.dormouse.host.plugin.PluginErrorCode.PLUGIN_BAD_MANIFEST;
import static io.dormouse.host.plugin.PluginErrorCode.PLUGIN_WRONG_API;

import com.github.zafarkhaja.semver.ParseException;
import io.dormouse.host.plugin.Staging.StagedJar;
import java.io.IOException;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.pf4j.DefaultVersionManager;

/**
 * A staged JAR whose names and manifest are in order. Checked before PF4J sees it, whose own checks
 * end in exceptions without a reason.
 *
 * @param page whether it has a {@code web/index.html}
 */
record VerifiedJar(StagedJar staged, String id, String version, String pluginClass, boolean page)
    implements Loadable {
  /** The version of plugin-api that this host implements; what {@code Plugin-Requires} asks for. */
  static final String API_VERSION = "0.1.0";

  /** It becomes a part of a URL path and of a configuration key. */
  private static final Pattern ID = Pattern.compile("[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?");

  private static final Pattern DRIVE = Pattern.compile("[A-Za-z]:");

  private static final Pattern PLAIN_VERSION = Pattern.compile("\\d+(\\.\\d+){0,2}");

  /**
   * @throws PluginRefused when something is wrong with it
   */
  static VerifiedJar of(StagedJar staged) {
    try (JarFile jar = new JarFile(staged.file().toFile())) {
      checkNames(staged, jar);
      Manifest manifest = jar.getManifest();
      if (manifest == null) {
        throw refused(
            staged,
            PLUGIN_BAD_MANIFEST,
            "it has no META-INF/MANIFEST.MF; a plugin's names Plugin-Id, Plugin-Version and"
                + " Plugin-Class");
      }
      return read(staged, manifest.getMainAttributes(), jar.getEntry("web/index.html") != null);
    } catch (IOException | IllegalArgumentException | SecurityException unreadable) {
      if (unreadable instanceof PluginRefused refused) {
        throw refused;
      }
      throw refused(
          staged,
          PLUGIN_BAD_JAR,
          "it is no readable JAR ("
              + Failure.oneLine(unreadable.getMessage())
              + "); copy it again");
    }
  }

  private static void checkNames(StagedJar staged, JarFile jar) {
    for (JarEntry entry : jar.stream().toList()) {
      String name = entry.getName();
      boolean leaves =
          name.startsWith("/")
              || name.contains("\\")
              || DRIVE.matcher(name).lookingAt()
              || List.of(name.split("/")).contains("..");
      if (leaves) {
        throw refused(
            staged,
            PLUGIN_BAD_JAR,
            "its entry '" + Failure.oneLine(name) + "' has a name that leads out of the JAR");
      }
    }
  }

  private static VerifiedJar read(StagedJar staged, Attributes manifest, boolean page) {
    String id = required(staged, manifest, "Plugin-Id");
    if (!ID.matcher(id).matches()) {
      throw refused(
          staged,
          PLUGIN_BAD_MANIFEST,
          "its Plugin-Id '%s' may have lower-case letters, digits and dashes inside, at most 64"
              .formatted(Failure.oneLine(id)));
    }
    String version = required(staged, manifest, "Plugin-Version");
    String pluginClass = required(staged, manifest, "Plugin-Class");
    if (manifest.getValue("Plugin-Dependencies") != null) {
      throw refused(
          staged,
          PLUGIN_BAD_MANIFEST,
          "it has Plugin-Dependencies, but plugins stand alone; put what it needs into its JAR");
    }
    checkApi(staged, manifest.getValue("Plugin-Requires"));
    return new VerifiedJar(staged, id, version, pluginClass, page);
  }

  private static String required(StagedJar staged, Attributes manifest, String name) {
    String value = manifest.getValue(name);
    if (value == null || value.isBlank()) {
      throw refused(
          staged, PLUGIN_BAD_MANIFEST, "its manifest has no " + name + "; add it to the build");
    }
    return value.strip();
  }

  /** A plain version asks for that or a newer one, as in PF4J. */
  private static void checkApi(StagedJar staged, @Nullable String requires) {
    if (requires == null || requires.isBlank()) {
      return;
    }
    String asked = requires.strip();
    String expression = PLAIN_VERSION.matcher(asked).matches() ? ">=" + asked : asked;
    boolean fits;
    try {
      fits = new DefaultVersionManager().checkVersionConstraint(API_VERSION, expression);
    } catch (ParseException malformed) {
      throw refused(
          staged,
          PLUGIN_BAD_MANIFEST,
          "its Plugin-Requires '%s' is no version range such as >=0.1.0"
              .formatted(Failure.oneLine(asked)));
    }
    if (!fits) {
      throw refused(
          staged,
          PLUGIN_WRONG_API,
          "it requires plugin API '%s', this host has %s"
              .formatted(Failure.oneLine(asked), API_VERSION));
    }
  }

  @Override
  public String digest() {
    return staged.digest();
  }

  @Override
  public String fileName() {
    return staged.name();
  }

  @Override
  public PluginSource load(GenerationName name, boolean known) {
    return LoadedJar.load(this, name, known);
  }

  private static PluginRefused refused(StagedJar staged, PluginErrorCode code, String reason) {
    return new PluginRefused(code, "JAR '" + staged.name() + "' is refused: " + reason);
  }
}
