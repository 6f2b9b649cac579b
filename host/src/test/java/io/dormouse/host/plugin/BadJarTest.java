package io.dormouse.host.plugin;

import static io.dormouse.host.plugin.RuntimeFixture.plugin;
import static io.dormouse.host.plugin.RuntimeFixture.started;
import static io.dormouse.host.testing.PluginJars.compile;
import static io.dormouse.host.testing.PluginJars.jar;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is refused by its looks, before any of its code runs. */
class BadJarTest {
  private static final Map<String, String> MANIFEST =
      Map.of("Plugin-Id", "bad", "Plugin-Version", "1.0.0", "Plugin-Class", "bad.Main");
  private static final Map<String, byte[]> CLASSES =
      compile(Map.of("bad.Main", started("bad", "Main", "")));

  @TempDir Path folder;
  private RuntimeFixture fixture;

  @BeforeEach
  void create() {
    fixture = new RuntimeFixture(folder);
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  private Path file() {
    return folder.resolve("bad.jar");
  }

  private static Map<String, String> manifestWith(String name, String value) {
    Map<String, String> manifest = new HashMap<>(MANIFEST);
    manifest.put(name, value);
    return manifest;
  }

  @Test
  void knowsTheVersionOfThePluginApi() throws IOException {
    assertThat(Files.readString(Path.of("..", "pom.xml")))
        .containsPattern(
            "<artifactId>dormouse-parent</artifactId>\\s*<version>"
                + Pattern.quote(VerifiedJar.API_VERSION)
                + "(-SNAPSHOT)?</version>");
  }

  @Test
  void acceptsColonsInNames() {
    Map<String, byte[]> entries = new HashMap<>(CLASSES);
    entries.put("META-INF/a:b.txt", new byte[0]);
    jar(file(), MANIFEST, entries);

    assertThat(fixture.startBesideGood().state()).isEqualTo(PluginState.ACTIVE);
  }

  @Test
  void refusesWhatIsNoZip() throws IOException {
    Files.writeString(file(), "not a zip");

    assertThat(fixture.refusal())
        .startsWith("JAR 'bad.jar' is refused: it is no readable JAR (")
        .endsWith("); copy it again [PLUGIN_BAD_JAR]");
  }

  @Test
  void refusesATruncatedJar() throws IOException {
    jar(file(), MANIFEST, CLASSES);
    byte[] bytes = Files.readAllBytes(file());
    Files.write(file(), Arrays.copyOf(bytes, bytes.length - 30));

    assertThat(fixture.refusal()).contains("no readable JAR").endsWith("[PLUGIN_BAD_JAR]");
  }

  @Test
  void refusesAJarThatIsTooLarge() throws IOException {
    Files.write(file(), new byte[1_000_001]);

    assertThat(fixture.refusal())
        .isEqualTo(
            "JAR 'bad.jar' is refused: it has 1,000,001 bytes, dormouse.plugins.max-jar-size allows"
                + " 1,000,000 [PLUGIN_TOO_LARGE]");
  }

  @Test
  void refusesAFolderNamedAsAJar() throws IOException {
    Files.createDirectory(file());

    assertThat(fixture.refusal())
        .contains("it is a folder or something else that is no file")
        .endsWith("[PLUGIN_BAD_JAR]");
  }

  @Test
  void refusesAJarWithoutManifest() {
    jar(file(), Map.of(), CLASSES);

    assertThat(fixture.refusal())
        .contains("it has no META-INF/MANIFEST.MF")
        .endsWith("[PLUGIN_BAD_MANIFEST]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Plugin-Id", "Plugin-Version", "Plugin-Class"})
  void refusesAManifestWithoutAnAttribute(String attribute) {
    Map<String, String> manifest = new HashMap<>(MANIFEST);
    manifest.remove(attribute);
    jar(file(), manifest, CLASSES);

    assertThat(fixture.refusal())
        .contains("its manifest has no " + attribute)
        .endsWith("[PLUGIN_BAD_MANIFEST]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Bad", "a b", "a/b", "..", "-a", "a-", "ü", "a.b"})
  void refusesAnIdThatIsNoUrlPath(String id) {
    jar(file(), manifestWith("Plugin-Id", id), CLASSES);

    assertThat(fixture.refusal())
        .contains("its Plugin-Id '" + id + "'")
        .endsWith("[PLUGIN_BAD_MANIFEST]");
  }

  @ParameterizedTest
  @ValueSource(strings = {">=99.0.0", "99.0.0", "<0.1.0", "0.2"})
  void refusesWhatRequiresAnotherApi(String requires) {
    jar(file(), manifestWith("Plugin-Requires", requires), CLASSES);

    assertThat(fixture.refusal())
        .isEqualTo(
            "JAR 'bad.jar' is refused: it requires plugin API '%s', this host has 0.1.0 [PLUGIN_WRONG_API]"
                .formatted(requires));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.1.0", "0.1", ">=0.1.0", "0.1.*", "*", ">=0.1.0 & <1.0.0"})
  void acceptsWhatRequiresThisApi(String requires) {
    jar(file(), manifestWith("Plugin-Requires", requires), CLASSES);

    assertThat(fixture.startBesideGood().state()).isEqualTo(PluginState.ACTIVE);
  }

  @Test
  void refusesARequirementThatIsNone() {
    jar(file(), manifestWith("Plugin-Requires", "some day"), CLASSES);

    assertThat(fixture.refusal())
        .contains("its Plugin-Requires 'some day' is no version range")
        .endsWith("[PLUGIN_BAD_MANIFEST]");
  }

  @Test
  void refusesDependenciesBetweenPlugins() {
    jar(file(), manifestWith("Plugin-Dependencies", "good"), CLASSES);

    assertThat(fixture.refusal()).contains("plugins stand alone").endsWith("[PLUGIN_BAD_MANIFEST]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"../evil.txt", "/etc/evil.txt", "web/../../evil.txt", "web\\evil", "C:/e"})
  void refusesAnEntryThatLeadsOutOfTheJar(String entry) {
    Map<String, byte[]> entries = new HashMap<>(CLASSES);
    entries.put(entry, "evil".getBytes(UTF_8));
    jar(file(), MANIFEST, entries);

    assertThat(fixture.refusal())
        .contains("its entry '" + entry + "' has a name that leads out of the JAR")
        .endsWith("[PLUGIN_BAD_JAR]");
  }

  @Test
  void refusesAPluginClassThatIsNotThere() {
    jar(file(), manifestWith("Plugin-Class", "bad.Missing"), CLASSES);

    assertThat(fixture.refusal())
        .isEqualTo(
            "Plugin 'bad' 1.0.0 is refused: Plugin-Class 'bad.Missing' is not in the JAR"
                + " [PLUGIN_BAD_CLASS]");
  }

  @Test
  void refusesAPluginClassWhoseParentIsNotThere() {
    Map<String, byte[]> classes =
        compile(
            Map.of(
                "bad.Main",
                "package bad; public class Main extends Parent {}",
                "bad.Parent",
                started("bad", "Parent", "")));
    classes.remove("bad/Parent.class");
    jar(file(), MANIFEST, classes);

    assertThat(fixture.refusal())
        .contains("cannot be loaded: NoClassDefFoundError 'bad/Parent'")
        .endsWith("[PLUGIN_BAD_CLASS]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          public class Main {}                                   | does not implement io.dormouse.api.Plugin
          class Main implements io.dormouse.api.Plugin { public Main() {} %s } | is not a public class
          public abstract class Main implements io.dormouse.api.Plugin {}      | is not a public class
          public class Main implements io.dormouse.api.Plugin { Main() {} %s } | has no public constructor
          public class Main implements io.dormouse.api.Plugin { public Main(int a) {} %s } | has no public constructor
          """)
  void refusesAPluginClassThatCannotBeMade(String source, String reason) {
    String start = "public void start(io.dormouse.api.PluginContext context) {}";
    jar(
        file(),
        MANIFEST,
        compile(Map.of("bad.Main", "package bad; " + source.replace("%s", start))));

    assertThat(fixture.refusal())
        .startsWith("Plugin 'bad' 1.0.0 is refused: Plugin-Class 'bad.Main' " + reason)
        .endsWith("[PLUGIN_BAD_CLASS]");
  }

  @Test
  void refusesAWrongHandlerWithoutRunningThePlugin() {
    jar(
        file(),
        MANIFEST,
        compile(
            Map.of(
                "bad.Main",
                plugin(
                    "bad",
                    "Main",
                    """
                    static { if (true) throw new IllegalStateException("ran"); }
                    @Override public void start(PluginContext context) {}
                    static class Chat { @On("join") void join(Socket socket, Handshake who) {} }
                    """))));

    assertThat(fixture.refusal())
        .isEqualTo(
            "Plugin 'bad' 1.0.0 is refused: parameter 2 of Chat.join is Handshake; an @On method"
                + " takes (arguments…), (Socket, arguments…), (Arguments) or (Socket, Arguments)"
                + " [PLUGIN_BAD_HANDLER]");
  }

  @Test
  void refusesTheOlderOfTwoJarsWithOneId() {
    jar(file(), MANIFEST, CLASSES);
    jar(folder.resolve("bad-copy.jar"), manifestWith("Plugin-Version", "2.0.0"), CLASSES);
    assertThat(file().toFile().setLastModified(1_000_000_000_000L)).isTrue();

    fixture.runtime.start(folder);

    assertThat(fixture.runtime.plugins())
        .extracting(PluginStatus::jar, PluginStatus::state)
        .containsExactly(
            tuple("bad-copy.jar", PluginState.ACTIVE), tuple("bad.jar", PluginState.QUARANTINED));
    assertThat(fixture.runtime.plugins().get(1).lastError())
        .isEqualTo(
            "JAR 'bad.jar' is refused: JAR 'bad-copy.jar' has the same Plugin-Id 'bad' and is newer,"
                + " so that it is used; remove one of the two [PLUGIN_DUPLICATE_ID]");
  }
}
