package io.dormouse.host.plugin;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamespaceNamesTest {
  @ParameterizedTest
  @ValueSource(strings = {"/", "/chat", "/a/b", "/Ümläut", "/a-b_c.d~"})
  void acceptsNames(String name) {
    assertThatCode(() -> NamespaceNames.checkName(name)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "chat", "/a,b", "/a?b", "/a b", "/a\nb", "/{name}", "/a}"})
  void refusesOtherNames(String name) {
    assertThatThrownBy(() -> NamespaceNames.checkName(name))
        .isInstanceOf(PluginRefused.class)
        .hasMessageStartingWith("Namespace '")
        .hasMessageEndingWith("[PLUGIN_BAD_NAMESPACE]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/{name}", "/tenant-{name}", "/{a}/{b}", "/{a}-{b}"})
  void acceptsPatterns(String pattern) {
    assertThatCode(() -> NamespaceNames.checkPattern(pattern)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/chat",
        "{name}",
        "/{}",
        "/{a b}",
        "/{a}{b}",
        "/{a}/{a}",
        "/{a",
        "/a}",
        "/{a},b",
        "/{a?}"
      })
  void refusesOtherPatterns(String pattern) {
    assertThatThrownBy(() -> NamespaceNames.checkPattern(pattern))
        .isInstanceOf(PluginRefused.class)
        .hasMessageEndingWith("[PLUGIN_BAD_NAMESPACE]");
  }
}
