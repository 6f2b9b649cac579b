package io.dormouse.host.backplane;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ListenAddressTest {
  private static ListenAddress of(@Nullable String bind, @Nullable String advertise, String redis)
      throws Exception {
    return new ListenAddress(
        new ForwardSettings(bind, 0, advertise, null), RedisAddress.parse(redis));
  }

  @Test
  void isLoopbackWhenRedisIs() throws Exception {
    ListenAddress found = of(null, null, "redis://127.0.0.1");
    assertThat(found.bind()).isEqualTo("127.0.0.1");
    assertThat(found.advertised(5100)).isEqualTo("127.0.0.1:5100");
  }

  @Test
  void isFoundWhenAllAddressesAreListenedOn() throws Exception {
    assertThat(of("0.0.0.0", null, "redis://127.0.0.1").advertised(5100))
        .isEqualTo("127.0.0.1:5100");
  }

  @Test
  void isWhatIsConfigured() throws Exception {
    assertThat(of("10.1.2.3", null, "redis://127.0.0.1").advertised(5100))
        .isEqualTo("10.1.2.3:5100");
    assertThat(of(null, "host-1.internal", "redis://127.0.0.1").advertised(5100))
        .isEqualTo("host-1.internal:5100");
    assertThat(of("::1", "[fd00::7]:6000", "redis://127.0.0.1").advertised(5100))
        .isEqualTo("[fd00::7]:6000");
  }

  @Test
  void isNotKnownWhileRedisHasNoAddress() throws Exception {
    ListenAddress unknown = of(null, null, "redis://redis.invalid");
    assertThat(unknown.bind()).isEqualTo("0.0.0.0");
    assertThat(unknown.advertised(5100)).isNull();
  }

  @Test
  void whatOthersSayOfThemselvesIsReadStrictly() {
    assertThat(InternalAddress.parse("10.0.0.7:5100", 0))
        .isEqualTo(new InternalAddress("10.0.0.7", 5100));
    assertThat(InternalAddress.parse("[fd00::7]:5100", 0))
        .isEqualTo(new InternalAddress("fd00::7", 5100));
    for (String no :
        new String[] {
          "", ":5100", "host", "host:0", "host:70000", "a b:1", "a/b:1", "u@h:1", "fd00::7:5100"
        }) {
      assertThat(InternalAddress.parse(no, 0)).as(no).isNull();
    }
  }

  @Test
  void settingsSayWhatIsWrongAndNeverTheSecret() {
    ForwardSettings wrong = new ForwardSettings(null, 70_000, "a/b", "too short");
    assertThat(wrong.problems()).hasSize(3).noneMatch(problem -> problem.contains("too short"));
    assertThat(wrong.toString()).doesNotContain("too short");
  }
}
