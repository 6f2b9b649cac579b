package io.dormouse.host;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/**
 * Hears signals of the operating system, each time that they come; a shutdown hook of the JVM hears
 * only the first. What does it, {@code sun.misc.Signal}, is there in every JDK but not to be
 * compiled against.
 */
final class Signals {
  private Signals() {}

  /**
   * Calls the action, on a thread of its own, in the place of what the JVM does.
   *
   * @param name such as TERM
   * @return false when that cannot be done, since the JVM was told to leave signals alone or has no
   *     such class
   */
  static boolean handle(String name, Runnable action) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      MethodHandle run =
          MethodHandles.lookup().bind(action, "run", MethodType.methodType(void.class));
      Object handling =
          MethodHandleProxies.asInterfaceInstance(
              handler, MethodHandles.dropArguments(run, 0, signal));
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance(name), handling);
      return true;
    } catch (ReflectiveOperationException _) {
      return false;
    }
  }
}
