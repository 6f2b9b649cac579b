package io.dormouse.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The document as it is served, against what its paths answer. */
class AdminDocumentTest {
  private static final Set<String> METHODS = Set.of("get", "put", "post", "delete");

  @Test
  void eachPathHasTheMethodsThatAreDocumented() throws Exception {
    try (AdminFixture admin = new AdminFixture()) {
      var response = admin.get("/openapi.yaml");
      assertThat(response.headers().firstValue("Content-Type")).hasValue("application/yaml");
      Map<String, Map<String, Map<String, Object>>> document =
          new Yaml(new SafeConstructor(new LoaderOptions())).load(response.body());
      Map<String, Map<String, Object>> paths = document.get("paths");
      assertThat(paths).hasSizeGreaterThan(15);
      for (Map.Entry<String, Map<String, Object>> path : paths.entrySet()) {
        Set<String> documented = new TreeSet<>(path.getValue().keySet());
        documented.retainAll(METHODS);
        var refused = admin.send("PATCH", path.getKey().replaceAll("\\{\\w+}", "x"));
        AdminFixture.problem(refused, 405, "ADMIN_WRONG_METHOD");
        String allowed = refused.headers().firstValue("Allow").orElse("");
        assertThat(Set.of(allowed.toLowerCase(Locale.ROOT).split(", ")))
            .as(path.getKey())
            .isEqualTo(documented);
      }
    }
  }
}
