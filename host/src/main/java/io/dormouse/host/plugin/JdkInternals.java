package io.dormouse.host.plugin;

import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the JDK keeps to itself but the search for leaks must see. It is open when the JVM was
 * started as the launcher does, with {@code --add-opens} for {@code java.lang}, {@code java.util}
 * and {@code java.util.concurrent} and {@code --add-exports} for {@code jdk.internal.vm}; otherwise
 * the answers are empty, and virtual threads are missing from {@link #threads}.
 */
final class JdkInternals {
  private static final Doors DOORS = Doors.open();

  private JdkInternals() {}

  /** Whether this JVM lets us look. */
  static boolean open() {
    return DOORS.complete();
  }

  /** All threads that live, virtual ones too. */
  static List<Thread> threads() {
    Object root = invoke(DOORS.rootContainer, null);
    if (root == null) {
      return List.copyOf(Thread.getAllStackTraces().keySet());
    }
    List<Thread> threads = new ArrayList<>();
    addThreads(root, threads);
    return threads;
  }

  /** Executors with a virtual thread per task have containers of their own, below the root. */
  private static void addThreads(Object container, List<Thread> threads) {
    if (invoke(DOORS.threads, container) instanceof Stream<?> own) {
      own.forEach(thread -> threads.add((Thread) thread));
    }
    if (invoke(DOORS.children, container) instanceof Stream<?> children) {
      children.forEach(child -> addThreads(child, threads));
    }
  }

  /** What the thread works for: its Runnable, its Timer's tasks. */
  static @Nullable Object task(Thread thread) {
    if (isTimer(thread)) {
      return get(DOORS.timerQueue, thread);
    }
    Object holder = get(DOORS.holder, thread); // a virtual thread has none
    return holder == null ? null : get(DOORS.task, holder);
  }

  /** The pool that the thread is a worker of. */
  static Optional<ThreadPoolExecutor> pool(Thread thread) {
    return pool(task(thread));
  }

  /** The pool that a thread works for whose task is this. */
  static Optional<ThreadPoolExecutor> pool(@Nullable Object task) {
    return task != null
            && DOORS.workerPool != null
            && DOORS.workerPool.getDeclaringClass().isInstance(task)
        ? Optional.ofNullable((ThreadPoolExecutor) get(DOORS.workerPool, task))
        : Optional.empty();
  }

  /** The values of a thread's thread locals. Seen from outside: one just set may be missed. */
  static List<Object> threadLocals(Thread thread) {
    List<Object> values = new ArrayList<>();
    for (Field map : DOORS.locals) {
      Object locals = get(map, thread);
      if (locals != null && get(DOORS.localsTable, locals) instanceof Object[] table) {
        for (Object entry : table) {
          Object value = entry == null ? null : get(DOORS.localValue, entry);
          if (value != null) {
            values.add(value);
          }
        }
      }
    }
    return values;
  }

  static List<Thread> shutdownHooks() {
    Field hooks = DOORS.hooks;
    if (hooks == null) {
      return List.of();
    }
    synchronized (hooks.getDeclaringClass()) { // as its own methods do
      return get(hooks, null) instanceof Map<?, ?> map // null when the JVM is ending
          ? map.keySet().stream().map(Thread.class::cast).toList()
          : List.of();
    }
  }

  static boolean isTimer(Thread thread) {
    return thread.getClass().getName().equals("java.util.TimerThread");
  }

  /** As Timer.cancel, which a thread has no way to: an interrupt does not end it. */
  static void endTimer(Thread thread) {
    Object queue = get(DOORS.timerQueue, thread);
    if (queue == null || DOORS.timerOpen == null) {
      return;
    }
    synchronized (queue) { // the monitor that the timer's thread waits on
      try {
        DOORS.timerOpen.setBoolean(thread, false);
      } catch (IllegalAccessException impossible) {
        throw new IllegalStateException(impossible); // it was made accessible
      }
      invoke(DOORS.timerClear, queue);
      queue.notifyAll();
    }
  }

  private static @Nullable Object get(@Nullable Field field, @Nullable Object from) {
    try {
      return field == null ? null : field.get(from);
    } catch (IllegalAccessException impossible) {
      throw new IllegalStateException(impossible); // it was made accessible
    }
  }

  private static @Nullable Object invoke(@Nullable Method method, @Nullable Object on) {
    try {
      return method == null ? null : method.invoke(on);
    } catch (ReflectiveOperationException failed) {
      return null;
    }
  }

  /** Fields and methods that could be opened, null the others. */
  private record Doors(
      @Nullable Method rootContainer,
      @Nullable Method threads,
      @Nullable Method children,
      @Nullable Field holder,
      @Nullable Field task,
      @Nullable Field workerPool,
      List<Field> locals,
      @Nullable Field localsTable,
      @Nullable Field localValue,
      @Nullable Field hooks,
      @Nullable Field timerQueue,
      @Nullable Field timerOpen,
      @Nullable Method timerClear) {

    static Doors open() {
      String container = "jdk.internal.vm.ThreadContainer";
      return new Doors(
          method("jdk.internal.vm.ThreadContainers", "root"),
          method(container, "threads"),
          method(container, "children"),
          field("java.lang.Thread", "holder"),
          field("java.lang.Thread$FieldHolder", "task"),
          field("java.util.concurrent.ThreadPoolExecutor$Worker", "this$0"),
          Stream.of("threadLocals", "inheritableThreadLocals")
              .map(name -> field("java.lang.Thread", name))
              .flatMap(Stream::ofNullable)
              .toList(),
          field("java.lang.ThreadLocal$ThreadLocalMap", "table"),
          field("java.lang.ThreadLocal$ThreadLocalMap$Entry", "value"),
          field("java.lang.ApplicationShutdownHooks", "hooks"),
          field("java.util.TimerThread", "queue"),
          field("java.util.TimerThread", "newTasksMayBeScheduled"),
          method("java.util.TaskQueue", "clear"));
    }

    boolean complete() {
      return Stream.of(
                  rootContainer,
                  threads,
                  children,
                  holder,
                  task,
                  workerPool,
                  localsTable,
                  localValue,
                  hooks,
                  timerQueue,
                  timerOpen,
                  timerClear)
              .allMatch(door -> door != null)
          && locals.size() == 2;
    }

    private static @Nullable Field field(String type, String name) {
      try {
        return opened(Class.forName(type, false, null).getDeclaredField(name));
      } catch (ReflectiveOperationException otherJdk) {
        return null;
      }
    }

    private static @Nullable Method method(String type, String name) {
      try {
        Class<?> owner = Class.forName(type, false, null);
        return opened(owner.getDeclaredMethod(name));
      } catch (ReflectiveOperationException otherJdk) {
        return null;
      }
    }

    private static <T extends AccessibleObject> @Nullable T opened(T door) {
      return door.trySetAccessible() ? door : null;
    }
  }
}
