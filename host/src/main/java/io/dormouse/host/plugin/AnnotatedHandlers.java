package io.dormouse.host.plugin;

import static io.dormouse.host.plugin.PluginErrorCode.PLUGIN_BAD_HANDLER;

import io.dormouse.api.Arguments;
import io.dormouse.api.EventError;
import io.dormouse.api.Payload;
import io.dormouse.api.Socket;
import io.dormouse.host.namespace.Handlers;
import io.dormouse.host.protocol.ValueCodec;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes handlers of an object's annotated methods. Through method handles: what a method throws
 * comes out as it is, and methods and classes need not be public.
 */
final class AnnotatedHandlers {
  private AnnotatedHandlers() {}

  /**
   * @throws PluginRefused when a method has a form that is not allowed, or there is none
   */
  static void bind(Object object, RecordedNamespace namespace, ValueCodec codec) {
    List<HandlerMethod> methods = HandlerMethod.of(object.getClass());
    if (methods.isEmpty()) {
      throw new PluginRefused(
          PLUGIN_BAD_HANDLER,
          object.getClass().getSimpleName()
              + " has no method with @On, @OnAny, @OnConnect, @OnDisconnecting or @OnDisconnect");
    }
    for (HandlerMethod method : methods) {
      bind(method, invoker(method.method(), object), namespace, codec);
    }
  }

  private static void bind(
      HandlerMethod method, Invoker invoker, RecordedNamespace namespace, ValueCodec codec) {
    switch (method.kind()) {
      case ON -> namespace.call(method.event(), call(method, invoker, codec));
      case ANY -> namespace.onAny((socket, event, all) -> invoker.invoke(socket, event, all));
      case CONNECT -> namespace.onConnect((socket, handshake) -> invoker.fit(socket, handshake));
      case DISCONNECTING ->
          namespace.onDisconnecting((socket, reason) -> invoker.fit(socket, reason));
      case DISCONNECT -> namespace.onDisconnect((socket, reason) -> invoker.fit(socket, reason));
    }
  }

  private static Handlers.Call call(HandlerMethod method, Invoker invoker, ValueCodec codec) {
    List<Reader> readers = readers(method, codec);
    boolean answers = method.method().getReturnType() != void.class;
    return (socket, arguments) -> {
      @Nullable Object[] values = new Object[readers.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = readers.get(i).read(socket, arguments);
      }
      Object value = invoker.invoke(values);
      return answers ? value : Handlers.NO_VALUE;
    };
  }

  /** Finds one parameter's value. */
  @FunctionalInterface
  private interface Reader {
    @Nullable Object read(Socket socket, Arguments arguments);
  }

  private static List<Reader> readers(HandlerMethod handler, ValueCodec codec) {
    Method method = handler.method();
    Class<?>[] types = method.getParameterTypes();
    List<Reader> readers = new ArrayList<>();
    for (int i = 0; i < types.length; i++) {
      int index = i - handler.firstArgument();
      if (index < 0) {
        readers.add((socket, arguments) -> socket);
      } else if (types[i] == Arguments.class) {
        readers.add((socket, arguments) -> arguments);
      } else if (types[i] == Payload.class) {
        readers.add((socket, arguments) -> arguments.get(index));
      } else {
        boolean nullable =
            method.getAnnotatedParameterTypes()[i].isAnnotationPresent(Nullable.class);
        Type type = method.getGenericParameterTypes()[i];
        readers.add((socket, arguments) -> read(arguments, index, type, nullable, codec));
      }
    }
    return readers;
  }

  private static @Nullable Object read(
      Arguments arguments, int index, Type type, boolean nullable, ValueCodec codec) {
    Object value = codec.read(arguments, index, type);
    if (value == null && !nullable) {
      throw new EventError("bad_payload", "Argument " + (index + 1) + " is missing.");
    }
    return value;
  }

  private static Invoker invoker(Method method, Object object) {
    try {
      MethodHandle handle =
          MethodHandles.privateLookupIn(method.getDeclaringClass(), MethodHandles.lookup())
              .unreflect(method)
              .asFixedArity()
              .bindTo(object)
              .asSpreader(Object[].class, method.getParameterCount())
              .asType(MethodType.methodType(Object.class, Object[].class));
      return new Invoker(handle, List.of(method.getParameterTypes()));
    } catch (IllegalAccessException closed) {
      throw new PluginRefused(
          PLUGIN_BAD_HANDLER,
          HandlerMethod.name(method) + " is in a module that is not open to the host; open it");
    }
  }

  /** Calls one method of one object. */
  private record Invoker(MethodHandle handle, List<Class<?>> parameters) {
    @Nullable Object invoke(@Nullable Object... values) throws Exception {
      try {
        return (Object) handle.invokeExact(values);
      } catch (Exception | Error thrown) {
        throw thrown;
      } catch (Throwable odd) {
        throw new IllegalStateException(odd);
      }
    }

    /** Gives a method those of the values that it takes. */
    void fit(Object... values) throws Exception {
      Object[] taken = new Object[parameters.size()];
      for (int i = 0, next = 0; i < taken.length; next++) {
        if (parameters.get(i).isInstance(values[next])) {
          taken[i++] = values[next];
        }
      }
      invoke(taken);
    }
  }
}
