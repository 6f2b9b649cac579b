package io.dormouse.host.plugin;

import static io.dormouse.host.plugin.RuntimeFixture.started;
import static io.dormouse.host.testing.PluginJars.compile;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.dormouse.host.testing.PluginJars;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a plugin sees of the host and of other plugins. */
class PluginIsolationTest {
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

  /** The namespaces of a plugin with this start, which has to run. */
  private Iterable<String> namespacesOf(String body) {
    fixture.put("probe", started("probe", "Main", body));
    PluginStatus status = fixture.startBesideGood();
    assertThat(status.lastError()).isNull();
    return status.namespaces();
  }

  private static String seen(String className) {
    return """
        String seen;
        try {
          Class.forName("%s");
          seen = "/seen";
        } catch (ClassNotFoundException e) {
          seen = "/hidden";
        }
        context.namespace(seen);
        """
        .formatted(className);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "com.fasterxml.jackson.databind.ObjectMapper",
        "io.helidon.webserver.WebServer",
        "io.micronaut.context.ApplicationContext",
        "org.pf4j.Plugin",
        "io.dormouse.host.plugin.PluginRuntime",
        "ch.qos.logback.classic.Logger",
        "org.junit.jupiter.api.Test",
        "good.Good"
      })
  void hidesTheHostsClassesAndThoseOfOtherPlugins(String className) {
    assertThat(namespacesOf(seen(className))).containsExactly("/hidden");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "io.dormouse.api.Plugin",
        "org.slf4j.Logger",
        "org.jspecify.annotations.Nullable",
        "java.sql.Driver",
        "javax.tools.ToolProvider"
      })
  void showsTheApiAndTheJdk(String className) {
    assertThat(namespacesOf(seen(className))).containsExactly("/seen");
  }

  @Test
  void letsPluginsCarryTwoVersionsOfOneClass() {
    for (String id : new String[] {"one", "two"}) {
      Map<String, String> sources =
          Map.of(
              id + ".Main",
              started(id, "Main", "context.namespace(lib.Lib.name());"),
              "lib.Lib",
              "package lib; public class Lib { public static String name() { return \"/"
                  + id
                  + "\"; } }");
      PluginJars.plugin(folder.resolve(id + ".jar"), id, "1", id + ".Main", compile(sources));
    }

    fixture.runtime.start(folder);

    assertThat(fixture.runtime.plugins())
        .extracting(plugin -> plugin.namespaces().getFirst())
        .containsExactly("/one", "/two");
  }

  @Test
  void prefersAPluginsOwnCopyOfALibraryOfTheHost() {
    Map<String, String> sources =
        Map.of(
            "own.Main",
            started(
                "own",
                "Main",
                "context.namespace(new com.fasterxml.jackson.databind.ObjectMapper().toString());"),
            "com.fasterxml.jackson.databind.ObjectMapper",
            "package com.fasterxml.jackson.databind; public class ObjectMapper { @Override public String toString() { return \"/mine\"; } }");
    PluginJars.plugin(folder.resolve("own.jar"), "own", "1", "own.Main", compile(sources));

    fixture.runtime.start(folder);

    assertThat(fixture.runtime.plugins().getFirst().namespaces()).containsExactly("/mine");
  }

  @Test
  void findsResourcesOfItsOwnJarOnly() {
    String body =
        """
        String own = new String(getClass().getResourceAsStream("/own.txt").readAllBytes());
        boolean host = getClass().getResource("/io/dormouse/host/plugin/PluginRuntime.class") != null;
        boolean services = getClass().getClassLoader()
            .getResources("META-INF/services/org.slf4j.spi.SLF4JServiceProvider").hasMoreElements();
        context.namespace("/" + own + host + services);
        """;
    Map<String, byte[]> entries =
        new HashMap<>(compile(Map.of("probe.Main", started("probe", "Main", body))));
    entries.put("own.txt", "mine".getBytes(UTF_8));
    PluginJars.plugin(folder.resolve("probe.jar"), "probe", "1", "probe.Main", entries);

    assertThat(fixture.startBesideGood().namespaces()).containsExactly("/minefalsefalse");
  }

  @Test
  void runsEachCallOfAPluginOnItsOwnVirtualThreadAndLoader() {
    assertThat(
            namespacesOf(
                """
                Thread thread = Thread.currentThread();
                boolean own = thread.getContextClassLoader() == getClass().getClassLoader();
                context.namespace("/" + thread.isVirtual() + own
                    + getClass().getClassLoader().getName().replaceAll("\\\\d+$", "N"));
                """))
        .containsExactly("/truetrueprobe@N");
  }
}
