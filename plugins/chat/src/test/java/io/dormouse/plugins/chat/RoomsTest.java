package io.dormouse.plugins.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.dormouse.api.State;
import java.lang.reflect.Proxy;
import org.junit.jupiter.api.Test;

class RoomsTest {
  /** As while Redis, in which hosts share it, is away. */
  private static final State UNREACHABLE =
      (State)
          Proxy.newProxyInstance(
              State.class.getClassLoader(),
              new Class<?>[] {State.class},
              (proxy, method, arguments) -> {
                throw new IllegalStateException("State of plugin 'chat' cannot be reached");
              });

  private static final Person ADA = new Person("1", "Ada");

  private final Rooms rooms =
      new Rooms(UNREACHABLE, System.getLogger("chat"), null, new ChatSettings(0, 0, 0));

  @Test
  void goOnWithoutHistoryWhileStateCannotBeReached() {
    assertThatCode(() -> rooms.remember("lobby", new Line("1", ADA, "hi", 0)))
        .doesNotThrowAnyException();
    assertThat(rooms.history("lobby")).isEmpty();
    assertThat(rooms.remembered("lobby", ADA, "1")).isEmpty();
  }
}
