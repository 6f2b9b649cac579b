package io.dormouse.host.plugin;

import static io.dormouse.host.plugin.RuntimeFixture.plugin;
import static io.dormouse.host.plugin.RuntimeFixture.started;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is refused because of what its code does while it starts. */
class FailedStartTest {
  private static final String START =
      "@Override public void start(PluginContext context) { context.namespace(\"/bad\"); }";

  @TempDir Path folder;
  private RuntimeFixture fixture;

  @BeforeEach
  void create() {
    fixture = new RuntimeFixture(folder);
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  /** Why a plugin with these members is refused; nothing of it may be visible. */
  private String refusalOf(String members) {
    fixture.put("bad", plugin("bad", "Main", members));
    return fixture.refusal();
  }

  private String refusalOfStart(String body) {
    fixture.put("bad", started("bad", "Main", body));
    return fixture.refusal();
  }

  @Test
  void refusesAConstructorThatThrows() {
    assertThat(
            refusalOf(
                "public Main() { throw new IllegalStateException(\"no\\nlicence\"); }" + START))
        .isEqualTo(
            "Plugin 'bad' 1.0.0 did not start: its constructor threw IllegalStateException 'no"
                + " licence' at bad.Main.<init>:5 [PLUGIN_BAD_CLASS]");
  }

  @Test
  void refusesAStaticInitialiserThatThrows() {
    assertThat(refusalOf("static int one = 1 / Integer.valueOf(0);" + START))
        .isEqualTo(
            "Plugin 'bad' 1.0.0 did not start: its constructor threw ExceptionInInitializerError,"
                + " caused by ArithmeticException '/ by zero' at bad.Main.<clinit>:5"
                + " [PLUGIN_BAD_CLASS]");
  }

  @Test
  void refusesAStartThatThrows() {
    assertThat(refusalOfStart("throw new java.io.IOException(\"database is down\");"))
        .isEqualTo(
            "Plugin 'bad' 1.0.0 did not start: start threw IOException 'database is down' at"
                + " bad.Main.start:5 [PLUGIN_START_FAILED]");
  }

  @Test
  void refusesAStartThatOverflowsItsStack() {
    assertThat(refusalOf("@Override public void start(PluginContext context) { start(context); }"))
        .contains("start threw StackOverflowError at bad.Main.start:5 < bad.Main.start:5 <")
        .endsWith("[PLUGIN_START_FAILED]");
  }

  @Test
  void refusesAStartWhoseClassesAreMissing() {
    assertThat(refusalOfStart("throw new NoClassDefFoundError(\"com/acme/Lib\");"))
        .contains("start threw NoClassDefFoundError 'com/acme/Lib'")
        .endsWith("[PLUGIN_START_FAILED]");
  }

  @Test
  void refusesAnExceptionThatFailsItself() {
    assertThat(
            refusalOfStart(
                "throw new RuntimeException() { @Override public String getMessage() { throw this; }"
                    + " };"))
        .isEqualTo(
            "Plugin 'bad' 1.0.0 did not start: start threw bad.Main$1 [PLUGIN_START_FAILED]");
  }

  @Test
  void asksNobodyToWaitWhileAPluginStarts() throws InterruptedException {
    fixture.put(
        "slow",
        started(
            "slow",
            "Main",
            """
            System.setProperty("dormouse.test.starting", "yes");
            while (System.getProperty("dormouse.test.starting") != null) {
              Thread.onSpinWait();
            }
            """));
    Thread starting = Thread.startVirtualThread(() -> fixture.runtime.start(folder));
    await().until(() -> System.getProperty("dormouse.test.starting") != null);

    assertThat(fixture.runtime.plugins())
        .extracting(PluginStatus::id, PluginStatus::operation)
        .containsExactly(tuple("slow", "start"));
    assertThat(fixture.runtime.webFile("slow", "")).isEmpty();

    System.clearProperty("dormouse.test.starting");
    starting.join();
    assertThat(fixture.runtime.plugins()).hasSize(1);
  }

  @Test
  void refusesAStartThatHangsAndInterruptsIt() {
    fixture.close();
    fixture = new RuntimeFixture(folder, null, Duration.ofSeconds(2));
    String refusal =
        refusalOfStart(
            """
            context.namespace("/bad");
            try {
              new java.util.concurrent.CountDownLatch(1).await();
            } catch (InterruptedException e) {
              System.setProperty("dormouse.test.interrupted", "yes");
            }
            """);

    assertThat(refusal)
        .isEqualTo(
            "Plugin 'bad' 1.0.0 did not start: start took longer than PT2S"
                + " (dormouse.plugins.start-timeout) [PLUGIN_START_TIMEOUT]");
    await().until(() -> System.clearProperty("dormouse.test.interrupted") != null);
  }

  @Test
  void refusesAProbeThatThrows() {
    assertThat(
            refusalOf(
                START
                    + "@Override public void probe() { throw new IllegalStateException(\"not now\"); }"))
        .isEqualTo(
            "Plugin 'bad' 1.0.0 did not start: probe threw IllegalStateException 'not now' at"
                + " bad.Main.probe:5 [PLUGIN_PROBE_FAILED]");
  }

  @Test
  void refusesANamespaceThatAnotherPluginServes() {
    fixture.put("aa", started("aa", "Main", "context.namespace(\"/good\");"));
    fixture.put(
        "bad",
        started("bad", "Main", "context.namespace(\"/bad\"); context.namespace(\"/good\");"));

    fixture.runtime.start(folder);

    assertThat(fixture.runtime.plugins().get(1).lastError())
        .isEqualTo(
            "Plugin 'bad' 1.0.0 did not start: namespace '/good' is already served by plugin"
                + " 'aa'; remove that plugin or choose another namespace"
                + " [PLUGIN_NAMESPACE_TAKEN]");
    assertThat(fixture.runtime.plugins().getFirst().namespaces()).containsExactly("/good");
  }

  @Test
  void refusesTwoHandlersForOneEvent() {
    assertThat(
            refusalOfStart(
                """
                context.namespace("/bad").on("say", String.class, (socket, text) -> {});
                context.namespace("/bad").onWithAck("say", String.class, (socket, text) -> text);
                """))
        .isEqualTo(
            "Plugin 'bad' 1.0.0 did not start: event 'say' of namespace '/bad' has a handler already;"
                + " remove one of the two [PLUGIN_DUPLICATE_HANDLER]");
  }

  @Test
  void refusesAReservedEvent() {
    assertThat(
            refusalOfStart(
                "context.namespace(\"/bad\").on(\"disconnect\", String.class, (socket, why) -> {});"))
        .isEqualTo(
            "Plugin 'bad' 1.0.0 did not start: event 'disconnect' of namespace '/bad' is reserved by"
                + " Socket.IO and never comes; use onDisconnect [PLUGIN_BAD_HANDLER]");
  }

  @Test
  void refusesAnUnknownConfigurationKey() {
    fixture.configuration.put("histroy", 5);

    assertThat(
            refusalOf(
                """
                public record Settings(int history, String maxRooms) {}
                @Override public void start(PluginContext context) {
                  context.configuration(Settings.class);
                }
                """))
        .isEqualTo(
            "Plugin 'bad' 1.0.0 did not start: key 'dormouse.plugin.bad.histroy' is unknown; known"
                + " are history, max-rooms [PLUGIN_CONFIG_INVALID]");
  }
}
