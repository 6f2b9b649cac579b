package io.dormouse.host.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import io.dormouse.host.plugin.LeakFixture.Retired;
import io.dormouse.host.plugin.LeakWatch.State;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each plugin leaves something behind that keeps its classes. */
class UndoTest {
  @TempDir Path folder;
  private final List<String> log = new ArrayList<>();
  private final CountDownLatch end = new CountDownLatch(1);
  private LeakFixture plugins;

  @BeforeEach
  void open() {
    plugins = new LeakFixture(folder);
  }

  @AfterEach
  void close() {
    plugins.close();
  }

  /** A plugin that does this leaks, the verdict names why, and undoing that frees its classes. */
  private void cures(String constructor, String... causes) {
    Retired retired = plugins.abandon(plugins.jar(constructor));
    plugins.watch.checkNow();
    assertThat(retired.last().state()).isEqualTo(State.LEAKED);
    assertThat(retired.last().causes()).containsExactlyInAnyOrder(causes);

    assertThat(retired.undo()).containsExactlyInAnyOrder(causes);
    plugins.watch.checkNow();
    assertThat(retired.last().state()).as("%s", retired).isEqualTo(State.COLLECTED);
  }

  @Test
  void hasNothingToUndoForAnHonestPlugin() {
    Retired retired = plugins.retire(plugins.jar("new Value();"));
    plugins.watch.checkNow();

    assertThat(retired.last().state()).isEqualTo(State.COLLECTED);
  }

  @Test
  void interruptsAThread() {
    cures(
        "new Thread(Main::park, \"chat-poller\").start(); PARKED.await();",
        "thread 'chat-poller' is still running, at lair.Main.park(Main.java:8)");
  }

  @Test
  void interruptsAVirtualThread() {
    cures(
        "Thread.ofVirtual().name(\"chat-poller\").start(Main::park); PARKED.await();",
        "virtual thread 'chat-poller' is still running, at lair.Main.park(Main.java:8)");
  }

  /** One that only parks is collected with its executor, which nothing else refers to. */
  @Test
  void interruptsTheVirtualThreadsOfAnExecutor() {
    cures(
        "Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name(\"v\").factory()).submit(Main::sleep); PARKED.await();",
        "virtual thread 'v' is still running, at lair.Main.sleep(Main.java:15)");
  }

  @Test
  void shutsDownAPoolThatRunsATask() {
    cures(
        "Executors.newFixedThreadPool(1, r -> new Thread(r, \"pool\")).submit(Main::park); PARKED.await();",
        "thread 'pool' is still running, at lair.Main.park(Main.java:8)");
  }

  @Test
  void shutsDownAPoolWithATaskThatIsNotDue() {
    cures(
        """
        var pool = new ScheduledThreadPoolExecutor(1, Executors.defaultThreadFactory()) {};
        pool.setThreadFactory(r -> new Thread(r, "scheduled"));
        pool.schedule(Main::park, 1, TimeUnit.DAYS);
        """,
        "thread 'scheduled' is still running");
  }

  @Test
  void takesItsLoaderFromAnIdleThreadWhosePoolMayBeAnyones() {
    cures(
        """
        var pool = new ThreadPoolExecutor(1, 1, 1, TimeUnit.DAYS, new SynchronousQueue<>());
        pool.submit(() -> Thread.currentThread().setName("idle")).get();
        """,
        "thread 'idle' has its loader as context class loader");
  }

  @Test
  void endsATimer() {
    cures(
        """
        new Timer("tick").schedule(
            new TimerTask() { @Override public void run() { } }, 86_400_000, 86_400_000);
        """,
        "java.util.Timer 'tick'");
  }

  @Test
  void removesAShutdownHook() {
    cures(
        "Runtime.getRuntime().addShutdownHook(new Thread(Main::park, \"last words\"));",
        "shutdown hook 'last words'");
  }

  @Test
  void unregistersAnMBean() {
    cures(
        """
        java.lang.management.ManagementFactory.getPlatformMBeanServer()
            .registerMBean(new Poller(), new javax.management.ObjectName("lair:type=Poller"));
        }
        public interface PollerMBean { }
        public static class Poller implements PollerMBean { }
        static {
        """,
        "MBean lair:type=Poller");
  }

  @Test
  void deregistersAJdbcDriver() {
    cures(
        """
        java.sql.DriverManager.registerDriver(new Driver());
        }
        static class Driver implements java.sql.Driver {
          public java.sql.Connection connect(String url, Properties info) { return null; }
          public boolean acceptsURL(String url) { return false; }
          public java.sql.DriverPropertyInfo[] getPropertyInfo(String url, Properties info) { return null; }
          public int getMajorVersion() { return 1; }
          public int getMinorVersion() { return 0; }
          public boolean jdbcCompliant() { return false; }
          public java.util.logging.Logger getParentLogger() { return null; }
        }
        static {
        """,
        "JDBC driver lair.Main$Driver");
  }

  @Test
  void restoresTheDefaultUncaughtExceptionHandler() {
    Thread.UncaughtExceptionHandler hosts = Thread.getDefaultUncaughtExceptionHandler();

    cures(
        "Thread.setDefaultUncaughtExceptionHandler(new Handler()); }"
            + " static class Handler implements Thread.UncaughtExceptionHandler {"
            + " public void uncaughtException(Thread t, Throwable e) { } } static {",
        "default uncaught exception handler lair.Main$Handler");

    assertThat(Thread.getDefaultUncaughtExceptionHandler()).isSameAs(hosts);
  }

  @Test
  void removesASystemPropertyOfItsClasses() {
    cures(
        "System.getProperties().put(\"lair.cache\", List.of(new Value()));",
        "system property 'lair.cache'");
  }

  @Test
  void removesASecurityProvider() {
    cures(
        """
        java.security.Security.addProvider(new Provider());
        }
        static class Provider extends java.security.Provider {
          Provider() { super("Lair", "1", "none"); }
        }
        static {
        """,
        "security provider 'Lair'");
  }

  @Test
  void undoesSeveralAtOnce() {
    cures(
        """
        new Thread(Main::park, "a").start(); PARKED.await();
        System.getProperties().put("lair.a", new Value());
        System.getProperties().put("lair.b", Value.class);
        """,
        "thread 'a' is still running, at lair.Main.park(Main.java:8)",
        "system property 'lair.a'",
        "system property 'lair.b'");
  }

  @Test
  void saysInOneLineWhatItDidAndWhatItCouldNot() {
    try (LogLines log = LogLines.of(Undo.class)) {
      plugins.retire(
          plugins.jar(
              """
              System.getProperties().put("lair.a", new Value());
              var deaf = new Thread(Main::parkForever, "deaf");
              deaf.setDaemon(true);
              deaf.start();
              PARKED.await();
              """));

      assertThat(log.texts())
          .containsExactly(
              "WARN Plugin 'lair' 1.4.0 left behind: system property 'lair.a'; undone by the host;"
                  + " and thread 'deaf' is still running, at"
                  + " lair.Main.parkForever(Main.java:10); the host cannot undo that");
    }
  }

  /** One that is in the plugin's code was interrupted before, and does not end by that. */
  @Test
  void namesAThreadOfTheHostThatDoesNotReturnButLeavesItAlone() throws Exception {
    Thread host = startThreadOfTheHost("Main.<Consumer<Runnable>>host().accept(Main::park);");

    assertThat(host.getStackTrace())
        .anyMatch(frame -> frame.getClassName().equals("lair.Main")); // not interrupted
    assertThat(log).singleElement().asString().contains("thread 'host' is still running, at lair");
    end.countDown();
    host.interrupt();
    host.join();
  }

  @Test
  void saysNothingOfAThreadOfTheHostThatReturns() throws Exception {
    Thread host =
        startThreadOfTheHost(
            """
            Main.<Consumer<Runnable>>host().accept(() -> {
              PARKED.countDown();
              LockSupport.parkNanos(100_000_000);
            });
            """);

    assertThat(log).isEmpty();
    end.countDown();
    host.join();
  }

  /** It runs what the plugin gives it, and then waits with the plugin's context class loader. */
  private Thread startThreadOfTheHost(String constructor) {
    List<Thread> started = new ArrayList<>();
    Supplier<Consumer<Runnable>> host =
        () -> work -> started.add(Thread.ofPlatform().name("host").start(() -> runThenPark(work)));
    System.getProperties().put("lair.host", host);
    try (LogLines lines = LogLines.of(Undo.class)) {
      plugins.retire(plugins.jar(constructor + " PARKED.await();"));
      log.addAll(lines.texts());
    } finally {
      System.getProperties().remove("lair.host");
    }
    return started.getFirst();
  }

  private void runThenPark(Runnable work) {
    work.run();
    try {
      end.await();
    } catch (InterruptedException itself) {
      Thread.currentThread().interrupt();
    }
  }
}
