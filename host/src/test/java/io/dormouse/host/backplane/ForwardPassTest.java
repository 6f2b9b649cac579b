package io.dormouse.host.backplane;

import static org.assertj.core.api.Assertions.assertThat;

import io.dormouse.host.backplane.ForwardPass.Refusal;
import io.dormouse.host.engine.ClientAddress.Client;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ForwardPassTest {
  private static final Client CLIENT = new Client("2001:db8::7", true, "chat.example;org:8443\r\n");
  private static final String TARGET = "/socket.io/?EIO=4&transport=polling&sid=x";

  private Instant now = Instant.parse("2026-01-02T03:04:05Z");
  private final InstantSource clock = () -> now;
  private final ForwardPass pass = pass("of all hosts, and of nobody else");
  private final String header = Objects.requireNonNull(pass.write("GET", TARGET, CLIENT));

  private ForwardPass pass(String secret) {
    return new ForwardPass(ForwardSecret.of(secret), clock);
  }

  @Test
  void tellsTheClientAsTheFirstHostSawIt() {
    assertThat(pass.check("GET", TARGET, header)).isNull();
    assertThat(ForwardPass.client(header)).isEqualTo(CLIENT);
    assertThat(header).matches("[\\w;:-]+");
  }

  @Test
  void isForOneRequestOnly() {
    assertThat(pass.check("POST", TARGET, header)).isEqualTo(Refusal.FORGED);
    assertThat(pass.check("GET", TARGET + "y", header)).isEqualTo(Refusal.FORGED);
    assertThat(pass("another secret of others").check("GET", TARGET, header))
        .isEqualTo(Refusal.FORGED);
  }

  @Test
  void nothingInItCanBeExchanged() {
    for (int i = 0; i < header.length(); i++) {
      char other = header.charAt(i) == '1' ? '0' : '1';
      String changed = header.substring(0, i) + other + header.substring(i + 1);
      boolean isLastBits = i == header.length() - 1;
      if (!isLastBits) {
        assertThat(pass.check("GET", TARGET, changed)).as(changed).isNotNull();
      }
    }
  }

  @Test
  void isGoodForAMinuteAndForClocksThatDifferByAsMuch() {
    now = now.plus(ForwardPass.AGE);
    assertThat(pass.check("GET", TARGET, header)).isNull();
    now = now.plusMillis(1);
    assertThat(pass.check("GET", TARGET, header)).isEqualTo(Refusal.TIME);
    now = now.minus(ForwardPass.AGE.multipliedBy(2)).minus(Duration.ofMillis(2));
    assertThat(pass.check("GET", TARGET, header)).isEqualTo(Refusal.TIME);
  }

  @Test
  void whatIsNoPassIsRefused() {
    assertThat(pass.check("GET", TARGET, null)).isEqualTo(Refusal.MISSING);
    for (String malformed :
        new String[] {
          "",
          ";;;;",
          "1;2;3;4;5",
          "x;0;127.0.0.1;;AAAA",
          "1;0;127.0.0.1;*;",
          header + ";",
          "1".repeat(5000)
        }) {
      assertThat(pass.check("GET", TARGET, malformed)).as(malformed).isNotNull();
    }
  }
}
