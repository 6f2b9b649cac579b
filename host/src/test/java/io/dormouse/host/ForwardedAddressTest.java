package io.dormouse.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.dormouse.host.engine.ClientAddress.Client;
import io.helidon.http.HeaderNames;
import io.helidon.http.WritableHeaders;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ForwardedAddressTest {
  private final ForwardedAddress addresses = new ForwardedAddress(List.of("10.0.0.0/8", "::1"));
  private final WritableHeaders<?> headers = WritableHeaders.create();

  @Test
  void believesNobodyElse() {
    headers.add(HeaderNames.create("X-Forwarded-For"), "1.1.1.1");
    headers.add(HeaderNames.create("X-Forwarded-Proto"), "https");
    headers.add(HeaderNames.create("X-Forwarded-Host"), "evil.example");
    headers.add(HeaderNames.HOST, "app.example:5000");
    assertThat(addresses.of("192.168.0.1", false, headers))
        .isEqualTo(new Client("192.168.0.1", false, "app.example:5000"));
    assertThat(new ForwardedAddress(List.of()).of("10.0.0.1", true, headers))
        .isEqualTo(new Client("10.0.0.1", true, "app.example:5000"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1.1.1.1 | 1.1.1.1",
        "6.6.6.6, 1.1.1.1 | 1.1.1.1",
        "6.6.6.6, 1.1.1.1, 10.0.0.2 | 1.1.1.1",
        "10.0.0.3, 10.0.0.2 | 10.0.0.3",
        "1.1.1.1:1234 | 1.1.1.1",
        "[2001:db8::1]:1234 | 2001:db8::1",
        "2001:db8::1 | 2001:db8::1",
        "1.1.1.1, unknown | 10.0.0.1",
        "' , ' | 10.0.0.1"
      })
  void takesTheLastAddressThatNoTrustedProxyHas(String line, String expected) {
    headers.add(HeaderNames.create("X-Forwarded-For"), line);
    assertThat(addresses.of("10.0.0.1", false, headers).address()).isEqualTo(expected);
  }

  @Test
  void readsSeveralHeaderLinesAsOneList() {
    headers.add(HeaderNames.create("X-Forwarded-For"), "6.6.6.6");
    headers.add(HeaderNames.create("X-Forwarded-For"), "1.1.1.1");
    assertThat(addresses.of("::1", false, headers).address()).isEqualTo("1.1.1.1");
  }

  @Test
  void takesSchemeAndHostOfATrustedProxy() {
    headers.add(HeaderNames.HOST, "internal:5000");
    assertThat(addresses.of("10.0.0.1", true, headers))
        .isEqualTo(new Client("10.0.0.1", true, "internal:5000"));
    headers.add(HeaderNames.create("X-Forwarded-Proto"), "https");
    headers.add(HeaderNames.create("X-Forwarded-Host"), "app.example");
    assertThat(addresses.of("10.0.0.1", false, headers))
        .isEqualTo(new Client("10.0.0.1", true, "app.example"));
    headers.set(HeaderNames.create("X-Forwarded-Proto"), "http");
    assertThat(addresses.of("10.0.0.1", true, headers).secure()).isFalse();
  }
}
