package io.dormouse.host.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class EventQueueTest {
  private final EventQueue<Integer> queue = new EventQueue<>(number -> number >= 0, 3);

  @Test
  void keepsTheOrderAndWhatIsWanted() throws InterruptedException {
    queue.offer(1);
    queue.offer(-1);
    queue.offer(2);
    assertThat(queue.take(Duration.ofMinutes(1))).containsExactly(1, 2);
    assertThat(queue.take(Duration.ZERO)).isEmpty();
    assertThat(queue.ended()).isNull();
  }

  @Test
  void endsWhenItIsFull() throws InterruptedException {
    AtomicInteger told = new AtomicInteger();
    queue.whenDropped(told::incrementAndGet);
    for (int i = 0; i < 3; i++) {
      assertThat(queue.offer(i)).isTrue();
    }
    assertThat(queue.offer(-1)).isTrue();
    assertThat(queue.offer(3)).isFalse();
    assertThat(queue.take(Duration.ofMinutes(1))).containsExactly(0, 1, 2);
    assertThat(queue.offer(4)).isFalse();
    queue.end(EventQueue.End.STOPPING);
    assertThat(queue.ended()).isEqualTo(EventQueue.End.DROPPED);
    assertThat(told).hasValue(1);
    queue.whenDropped(told::incrementAndGet);
    assertThat(told).hasValue(2);
  }

  @Test
  void wakesWhoWaits() throws InterruptedException {
    Thread offering = Thread.startVirtualThread(() -> queue.offer(7));
    assertThat(queue.take(Duration.ofMinutes(1))).containsExactly(7);
    offering.join();
    Thread ending = Thread.startVirtualThread(() -> queue.end(EventQueue.End.STOPPING));
    assertThat(queue.take(Duration.ofMinutes(1))).isEmpty();
    ending.join();
    assertThat(queue.ended()).isEqualTo(EventQueue.End.STOPPING);
  }
}
