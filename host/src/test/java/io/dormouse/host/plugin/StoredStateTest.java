package io.dormouse.host.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dormouse.host.protocol.ValueCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StoredStateTest {
  private final StateStore store = new MemoryState("chat", 200);
  private final StoredState state = newView();

  /** What another generation sees. */
  private StoredState newView() {
    return new StoredState(store, ValueCodec.of(getClass().getClassLoader()));
  }

  record Line(String from, String text) {}

  record LineOfNextVersion(String text, int likes) {}

  @Test
  void outlivesTheGenerationAndItsClasses() {
    state.put("last", new Line("ada", "hi"));

    assertThat(newView().get("last", LineOfNextVersion.class))
        .isEqualTo(new LineOfNextVersion("hi", 0));
  }

  @Test
  void isNullWhereNothingIsStored() {
    assertThat(state.get("x", String.class)).isNull();
    assertThat(state.list("x", String.class)).isEmpty();
  }

  @Test
  void removesByNullAndByName() {
    state.put("a", 1);
    state.put("b", 1);
    state.put("a", null);
    state.remove("b");

    assertThat(state.keys("")).isEmpty();
  }

  @Test
  void comparesAsJson() {
    state.put("a", Map.of("from", "ada", "text", "hi"));

    assertThat(state.compareAndSet("a", new Line("ada", "no"), "never")).isFalse();
    assertThat(state.compareAndSet("a", null, "never")).isFalse();
    assertThat(state.compareAndSet("b", "x", "never")).isFalse();
    assertThat(state.compareAndSet("a", new Line("ada", "hi"), "next")).isTrue();
    assertThat(state.get("a", String.class)).isEqualTo("next");
    assertThat(state.compareAndSet("b", null, 1)).isTrue();
    assertThat(state.compareAndSet("b", 1, null)).isTrue();
    assertThat(state.keys("")).containsExactly("a");
  }

  @Test
  void losesNoUpdateOfManyThreads() throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      threads.add(
          Thread.startVirtualThread(
              () -> {
                for (int k = 0; k < 200; k++) {
                  state.update("count", Integer.class, n -> n == null ? 1 : n + 1);
                }
              }));
    }
    for (Thread thread : threads) {
      thread.join();
    }

    assertThat(state.get("count", int.class)).isEqualTo(1_600);
  }

  @Test
  void updatesToNothing() {
    state.put("a", 1);

    assertThat(state.update("a", Integer.class, n -> null)).isNull();
    assertThat(state.keys("")).isEmpty();
  }

  @Test
  void appendsAndForgetsTheOldest() {
    for (int i = 1; i <= 5; i++) {
      state.append("lines", new Line("ada", "" + i), 3);
    }

    assertThat(state.list("lines", Line.class))
        .extracting(Line::text)
        .containsExactly("3", "4", "5");
  }

  @Test
  void refusesToAppendToWhatIsNoList() {
    state.put("a", 1);

    assertThatThrownBy(() -> state.append("a", 2, 3))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("'a' is no list");
    assertThatThrownBy(() -> state.append("b", 2, 0)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void findsKeysByPrefix() {
    state.put("room:a", 1);
    state.put("room:b", 1);
    state.put("user:a", 1);

    assertThat(state.keys("room:")).containsExactly("room:a", "room:b");
  }

  @Test
  void refusesToGrowPastItsLimitAndKeepsWhatItHad() {
    state.put("a", "x".repeat(150));

    assertThatThrownBy(() -> state.put("b", "x".repeat(100)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "State of plugin 'chat' is full: it would have 256 bytes with key 'b',"
                + " dormouse.plugins.state-limit allows 200");
    assertThat(state.keys("")).containsExactly("a");
    state.put("a", "x");
    state.put("b", "x".repeat(100));
    assertThat(state.keys("")).containsExactly("a", "b");
  }
}
