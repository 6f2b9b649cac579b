package io.dormouse.examples;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The documentation tool shows the regions; that somebody runs them is shown here. */
class EveryTypeHasAnExampleTest {
  private static final Pattern DOCUMENTED_TYPE =
      Pattern.compile(
          "/\\*\\*((?:(?!\\*/).)*)\\*/\\s*(?:@\\w+(?:\\([^)]*\\))?\\s*)*"
              + "public\\s+(?:\\w+\\s+)*?@?(?:class|interface|record|enum)\\s+(\\w+)",
          Pattern.DOTALL);
  private static final Pattern SNIPPET =
      Pattern.compile("\\{@snippet class=\"(\\w+)\" region=\"([\\w-]+)\"}");

  @Test
  void ofTheApi() throws Exception {
    check(Path.of("../plugin-api/src/main/java/io/dormouse/api"), "io.dormouse.api");
  }

  @Test
  void ofTheTestKit() throws Exception {
    check(Path.of("src/main/java/io/dormouse/test"), "io.dormouse.test");
  }

  private static void check(Path folder, String packageName) throws Exception {
    try (Stream<Path> files = Files.list(folder)) {
      List<String> names =
          files
              .map(file -> file.getFileName().toString().replace(".java", ""))
              .filter(name -> !name.equals("package-info"))
              .toList();
      assertThat(names).isNotEmpty();
      for (String name : names) {
        Map<String, String> documentation =
            DOCUMENTED_TYPE
                .matcher(Files.readString(folder.resolve(name + ".java")))
                .results()
                .collect(toMap(type -> type.group(2), type -> type.group(1)));
        Class<?> outer = Class.forName(packageName + "." + name);
        for (Class<?> type : publicTypes(outer).toList()) {
          assertThat(documentation).containsKey(type.getSimpleName());
          checkExample(type, documentation.get(type.getSimpleName()));
        }
      }
    }
  }

  private static Stream<Class<?>> publicTypes(Class<?> type) {
    return Modifier.isPublic(type.getModifiers())
        ? Stream.concat(
            Stream.of(type),
            Arrays.stream(type.getDeclaredClasses())
                .flatMap(EveryTypeHasAnExampleTest::publicTypes))
        : Stream.empty();
  }

  private static void checkExample(Class<?> type, String documentation)
      throws IOException, ClassNotFoundException {
    Matcher snippet = SNIPPET.matcher(documentation);
    assertThat(snippet.find()).as("%s has an example", type).isTrue();
    String example = snippet.group(1);
    Path file = Path.of("src/test/java/io/dormouse/examples", example + ".java");
    assertThat(Files.readString(file).contains("@start region=\"" + snippet.group(2) + "\""))
        .as("%s has the region '%s' of %s", file, snippet.group(2), type)
        .isTrue();
    Method[] methods = Class.forName("io.dormouse.examples." + example).getDeclaredMethods();
    assertThat(methods).as(example).anyMatch(method -> method.isAnnotationPresent(Test.class));
  }
}
