package io.dormouse.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** The examples of the documentation, so that tests run what people copy. */
final class Docs {
  private Docs() {}

  /**
   * All examples of a page that are in one language, in their order.
   *
   * @param language as it stands behind the three backticks
   */
  static List<String> examples(String page, String language) throws IOException {
    Pattern example = Pattern.compile("(?ms)^```" + language + "\\n(.*?)^```$");
    List<String> examples =
        example
            .matcher(Files.readString(Path.of("../docs", page)))
            .results()
            .map(found -> found.group(1))
            .toList();
    assertThat(examples).as("examples in %s of %s", language, page).isNotEmpty();
    return examples;
  }
}
