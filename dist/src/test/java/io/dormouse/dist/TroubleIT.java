package io.dormouse.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dormouse.dist.conformance.ConformancePlugin;
import io.dormouse.dist.trouble.TroublePlugin;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A plugin whose handlers do what they must not do, beside one that works. */
class TroubleIT {
  private final DormouseProcess host =
      DormouseProcess.start(
          0,
          PluginJar.folder("trouble", List.of(ConformancePlugin.class, TroublePlugin.class)),
          """
          dormouse:
            engine:
              ping-interval: 300ms
              ping-timeout: 5s
              send-queue-limit: 200000
            socket:
              handler-timeout: 1s
          """);

  @AfterEach
  void stop() {
    host.close();
  }

  @Test
  void whateverIsThrownIsAnAckAndALineInTheLog() throws IOException {
    try (RawWebSocket client = RawWebSocket.join(host, "/trouble")) {
      for (String what :
          List.of(
              "exception",
              "checked",
              "assertion",
              "linkage",
              "recursion",
              "throwable",
              "liar",
              "interrupted")) {
        client.send("42/trouble,1[\"throw\",\"" + what + "\"]");
        assertThat(client.text()).as(what).contains("\"code\":\"failed\"");
      }
      client.send("42/trouble,2[\"ping\",\"still here\"]");
      assertThat(client.text()).isEqualTo("43/trouble,2[\"still here\"]");
      assertThat(host.log()).contains("Plugin 'trouble': the handler of 'throw' failed");
    }
  }

  @Test
  void aHandlerThatHangsIsInterruptedAndItsSocketGoesOn() throws IOException {
    try (RawWebSocket client = RawWebSocket.join(host, "/trouble")) {
      client.send("42/trouble,1[\"hang\",1]").send("42/trouble,2[\"ping\",\"next\"]");
      assertThat(client.text()).contains("\"code\":\"timeout\"");
      assertThat(client.text()).isEqualTo("43/trouble,2[\"next\"]");
    }
  }

  @Test
  void handlersThatSpinOnEveryCoreAreNamedAndHurtOnlyTheirPlugin() throws IOException {
    int spinners = Runtime.getRuntime().availableProcessors() + 1;
    List<RawWebSocket> clients = new ArrayList<>();
    try (RawWebSocket other = RawWebSocket.join(host, "/features")) {
      for (int i = 0; i < spinners; i++) {
        clients.add(RawWebSocket.join(host, "/trouble"));
      }
      for (RawWebSocket client : clients) {
        client.send("42/trouble,1[\"spin\",1]");
      }
      await().until(() -> host.log().contains("the plugin is quarantined"));
      other.send("42/features,1[\"echo\",\"unharmed\"]");
      assertThat(other.text()).isEqualTo("43/features,1[\"unharmed\"]");
      try (RawWebSocket late = RawWebSocket.join(host, "/features")) {
        late.send("42/features,1[\"echo\",\"let in\"]");
        assertThat(late.text()).isEqualTo("43/features,1[\"let in\"]");
      }
      for (RawWebSocket client : clients) {
        assertThat(client.text()).containsAnyOf("\"code\":\"timeout\"", "\"code\":\"unavailable\"");
        client.send("42/trouble,2[\"ping\",\"x\"]");
        assertThat(client.text()).contains("\"code\":\"unavailable\"");
      }
      assertThat(host.log()).contains("Plugin 'trouble': the handler of 'spin'");
    } finally {
      for (RawWebSocket client : clients) {
        client.close();
      }
    }
  }

  @Test
  void aReaderThatStallsIsClosedAndTheOthersGetEverything() throws IOException {
    int messages = 200;
    String text = "x".repeat(20_000);
    try (RawSocket stalledSocket = new RawSocket(host.port(), "127.0.0.1", 4096);
        RawWebSocket listener = RawWebSocket.join(host, "/features");
        RawWebSocket speaker = RawWebSocket.join(host, "/features")) {
      RawWebSocket stalled = RawWebSocket.shakeHands(stalledSocket, RawWebSocket.ENDPOINT);
      assertThat(stalled.text()).startsWith("0{");
      stalled.joins("/features", "");
      for (int i = 0; i < messages; i++) {
        speaker.send("42/features," + i + "[\"say\",\"others\",[],[],\"" + i + text + "\"]");
        String answer = speaker.text();
        while (!answer.startsWith("43/features," + i + "[")) {
          answer = speaker.text();
        }
        assertThat(listener.text()).contains("\"" + i + text);
      }
      await().until(() -> host.log().contains("Disconnected: slow consumer"));
    }
  }

  @Test
  void aCountOfAttachmentsThatLiesClosesThatConnectionOnly() throws IOException {
    try (RawWebSocket other = RawWebSocket.join(host, "/features")) {
      for (String packet :
          List.of(
              "45999999999-/features,[\"echo\",{\"_placeholder\":true,\"num\":0}]",
              "451-/features,[\"echo\",{\"_placeholder\":true,\"num\":7}]",
              "451-/features,[\"echo\"]",
              "42/features,[\"echo\"," + "[".repeat(100_000) + "]")) {
        try (RawWebSocket liar = RawWebSocket.join(host, "/features")) {
          liar.send(packet);
          assertThat(liar.closeCode()).as(packet.split(",", 2)[0]).isEqualTo(1002);
        }
      }
      other.send("42/features,1[\"echo\",\"unharmed\"]");
      assertThat(other.text()).isEqualTo("43/features,1[\"unharmed\"]");
    }
  }
}
