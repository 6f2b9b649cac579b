package io.dormouse.host.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.dormouse.host.engine.OutboundQueue.Batch;
import io.dormouse.host.engine.OutboundQueue.Offer;
import io.dormouse.host.engine.OutboundQueue.PollingPayload;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutboundQueueTest {
  private final OutboundQueue queue = new OutboundQueue(1000, 100);
  private final Batch batch = new Batch();

  private static Message message(String text) {
    return Message.of(text.getBytes(UTF_8), List.of(), false);
  }

  private static Message ofSize(int bytes) {
    return message("x".repeat(bytes));
  }

  private String take() {
    byte[] buffer = new byte[64];
    int length = queue.take(buffer, batch);
    return new String(buffer, 0, length, UTF_8);
  }

  @Test
  void onlyTheFirstOfferAsksForADrain() {
    assertThat(queue.offer(message("a"), false)).isEqualTo(Offer.WAKE);
    assertThat(queue.offer(message("b"), false)).isEqualTo(Offer.QUEUED);
    assertThat(take()).isEqualTo("\u00814a\u00814b".replace("\u0081", "\ufffd\u0002"));
    assertThat(queue.offer(message("c"), false)).isEqualTo(Offer.QUEUED);
    assertThat(take()).contains("4c");
    assertThat(take()).isEmpty();
    assertThat(queue.offer(message("d"), false)).isEqualTo(Offer.WAKE);
  }

  @Test
  void whatDoesNotFitIntoTheBufferComesNextAndWhole() {
    queue.offer(ofSize(40), false);
    queue.offer(ofSize(40), false);
    queue.offer(ofSize(200), false);
    assertThat(take()).hasSize(43);
    assertThat(take()).hasSize(43);
    assertThat(take()).isEmpty();
    assertThat(batch.large).isNotNull();
    assertThat(take()).isEmpty();
    assertThat(batch.large).isNull();
  }

  @Test
  void isFullPastItsLimitButTakesOneMessageOfAnySize() {
    assertThat(queue.offer(ofSize(5000), false)).isEqualTo(Offer.WAKE);
    assertThat(queue.offer(message("b"), false)).isEqualTo(Offer.FULL);
  }

  @Test
  void dropsVolatileMessagesWhileTheClientIsBehind() {
    assertThat(queue.offer(ofSize(90), true)).isEqualTo(Offer.WAKE);
    assertThat(queue.offer(ofSize(90), true)).isEqualTo(Offer.DROPPED);
    assertThat(queue.offer(ofSize(90), false)).isEqualTo(Offer.QUEUED);
  }

  @Test
  void keepsAMessageAndItsBinaryTogether() {
    Message binary = Message.of("51-".getBytes(UTF_8), List.of(new byte[] {1}), false);
    queue.offer(binary, false);
    queue.offer(message("next"), false);
    PollingPayload payload = queue.takePayload(16, 1000);
    assertThat(payload).isNotNull();
    assertThat(new String(payload.bytes(), UTF_8)).isEqualTo("451-\u001ebAQ==\u001e4next");
  }

  @Test
  void aPollingPayloadIsLimitedInPacketsAndBytes() {
    for (int i = 0; i < 5; i++) {
      queue.offer(message("m" + i), false);
    }
    assertThat(text(queue.takePayload(2, 1000))).isEqualTo("4m0\u001e4m1");
    assertThat(text(queue.takePayload(16, 4))).isEqualTo("4m2");
    assertThat(text(queue.takePayload(16, 7))).isEqualTo("4m3\u001e4m4");
    assertThat(queue.takePayload(16, 7)).isNull();
  }

  private static String text(PollingPayload payload) {
    return new String(payload.bytes(), UTF_8);
  }

  @Test
  void aCorkHoldsBackUntilSomebodyEndsIt() {
    queue.cork();
    assertThat(queue.offer(message("a"), false)).isEqualTo(Offer.QUEUED);
    assertThat(queue.uncork()).isTrue();
    assertThat(queue.uncork()).isFalse();
    assertThat(take()).contains("4a");
    assertThat(take()).isEmpty();
    queue.cork();
    assertThat(queue.uncork()).isFalse();
    assertThat(queue.offer(message("b"), false)).isEqualTo(Offer.WAKE);
  }

  @Test
  void aCorkDoesNotStopADrainUnderWay() {
    queue.offer(message("a"), false);
    queue.cork();
    assertThat(queue.uncork()).isFalse();
    assertThat(take()).contains("4a");
  }

  @Test
  void acceptsALastMessageAndNothingAfterIt() {
    queue.offer(ofSize(900), false);
    assertThat(queue.close(ofSize(900))).isEqualTo(Offer.QUEUED);
    assertThat(queue.offer(message("late"), false)).isEqualTo(Offer.DROPPED);
    assertThat(queue.close(message("again"))).isEqualTo(Offer.DROPPED);
    assertThat(text(queue.takePayload(16, 10_000))).hasSize(901 + 1 + 901);
  }
}
