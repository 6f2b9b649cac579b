package io.dormouse.host.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class JdkInternalsTest {
  private static final ThreadLocal<List<String>> LOCAL = new ThreadLocal<>();

  /** A JDK that has changed inside must be noticed here, not by leaks that nobody can explain. */
  @Test
  void areAsThisJdkHasThem() {
    assertThat(JdkInternals.open()).isTrue();
  }

  @Test
  void listPlatformAndVirtualThreads() throws InterruptedException {
    var end = new CountDownLatch(1);
    Thread virtual = Thread.startVirtualThread(() -> await(end));

    assertThat(JdkInternals.threads()).contains(Thread.currentThread(), virtual);

    end.countDown();
    virtual.join();
    assertThat(JdkInternals.threads()).doesNotContain(virtual);
  }

  private static void await(CountDownLatch end) {
    try {
      end.await();
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void knowTheTaskOfAThreadAndItsLocals() {
    Runnable task = () -> {};
    assertThat(JdkInternals.task(new Thread(task))).isSameAs(task);

    List<String> value = List.of("mine");
    LOCAL.set(value);
    assertThat(JdkInternals.threadLocals(Thread.currentThread())).contains(value);
    LOCAL.remove();
    assertThat(JdkInternals.threadLocals(Thread.currentThread())).doesNotContain(value);
  }

  @Test
  void listShutdownHooks() {
    var hook = new Thread(() -> {});
    Runtime.getRuntime().addShutdownHook(hook);

    assertThat(JdkInternals.shutdownHooks()).contains(hook);
    assertThat(Runtime.getRuntime().removeShutdownHook(hook)).isTrue();
    assertThat(JdkInternals.shutdownHooks()).doesNotContain(hook);
  }
}
