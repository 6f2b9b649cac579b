package io.dormouse.host.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class AdminErrorCodeTest {
  private static final Pattern ROW = Pattern.compile("\\| (\\d{3}) \\| (.*) \\|");

  @Test
  void allAreInTheDocumentsTable() throws IOException {
    Map<String, String> documented = new TreeMap<>();
    for (String line : Files.readAllLines(Path.of("../docs/admin.md"))) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        documented.put(row.group(1), row.group(2));
      }
    }
    Map<String, String> codes =
        Arrays.stream(AdminErrorCode.values())
            .collect(
                Collectors.groupingBy(
                    code -> Integer.toString(code.status()),
                    TreeMap::new,
                    Collectors.mapping(code -> "`" + code + "`", Collectors.joining(", "))));
    assertThat(documented).isEqualTo(codes);
  }
}
