package io.dormouse.host.plugin;

import static io.dormouse.host.plugin.RuntimeFixture.started;
import static io.dormouse.host.testing.PluginJars.compile;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dormouse.host.testing.PluginJars;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebFilesTest {
  private static final Map<String, byte[]> CLASSES =
      compile(Map.of("page.Main", started("page", "Main", "")));

  @TempDir Path folder;
  private RuntimeFixture fixture;

  @BeforeEach
  void start() {
    fixture = new RuntimeFixture(folder);
    write("<h1>page</h1>");
    fixture.runtime.start(folder);
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  private void write(String page) {
    Map<String, byte[]> entries = new HashMap<>(CLASSES);
    entries.put("web/", new byte[0]);
    entries.put("web/index.html", page.getBytes(UTF_8));
    entries.put("web/app.js", "go()".getBytes(UTF_8));
    entries.put("web/LOGO.PNG", "png".getBytes(UTF_8));
    entries.put("web/odd", new byte[0]);
    entries.put("web/docs/", new byte[0]);
    entries.put("web/docs/index.html", "docs".getBytes(UTF_8));
    entries.put("secret.txt", "secret".getBytes(UTF_8));
    PluginJars.plugin(folder.resolve("page.jar"), "page", "1", "page.Main", entries);
  }

  private static String content(WebFile file) throws IOException {
    try (InputStream in = file.source().open()) {
      return new String(in.readAllBytes(), UTF_8);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'',<h1>page</h1>,text/html; charset=utf-8",
    "index.html,<h1>page</h1>,text/html; charset=utf-8",
    "docs/,docs,text/html; charset=utf-8",
    "app.js,go(),text/javascript; charset=utf-8",
    "LOGO.PNG,png,image/png",
    "odd,'',application/octet-stream"
  })
  void findsFilesAndIndexPages(String path, String content, String type) throws IOException {
    WebFile file = fixture.runtime.webFile("page", path).orElseThrow();

    assertThat(content(file)).isEqualTo(content);
    assertThat(file.contentType()).isEqualTo(type);
    assertThat(file.length()).isEqualTo(content.length());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "missing.html", "docs", "/index.html", "../secret.txt", "docs/../../secret.txt",
        "..", "%2e%2e/secret.txt", "..\\secret.txt", "./index.html", "missing/"
      })
  void findsNothingElse(String path) {
    assertThat(fixture.runtime.webFile("page", path)).isEmpty();
  }

  @Test
  void knowsWhichPluginsHaveAPage() {
    assertThat(fixture.runtime.plugins().getFirst().page()).isTrue();
    assertThat(fixture.runtime.webFile("other", "index.html")).isEmpty();
  }

  @Test
  void changesTheTagWithTheJar() {
    String tag = fixture.runtime.webFile("page", "app.js").orElseThrow().etag();
    fixture.runtime.stop();
    write("<h1>changed</h1>");
    fixture.runtime.start(folder);

    assertThat(tag).matches("\"[0-9a-f]{20}\"");
    assertThat(fixture.runtime.webFile("page", "app.js").orElseThrow().etag()).isNotEqualTo(tag);
  }

  @Test
  void servesNothingOfAStoppedPlugin() {
    WebFile file = fixture.runtime.webFile("page", "app.js").orElseThrow();

    fixture.runtime.stop();

    assertThat(fixture.runtime.webFile("page", "app.js")).isEmpty();
    assertThatThrownBy(() -> file.source().open()).isInstanceOf(IOException.class);
  }

  @Test
  void keepsServingWhatWasStagedWhenTheJarIsOverwritten() throws IOException {
    write("<h1>overwritten</h1>");

    assertThat(content(fixture.runtime.webFile("page", "").orElseThrow()))
        .isEqualTo("<h1>page</h1>");
  }
}
