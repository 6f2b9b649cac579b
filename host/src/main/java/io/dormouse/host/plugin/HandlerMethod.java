package io.dormouse.host.plugin;

import static io.dormouse.host.plugin.PluginErrorCode.PLUGIN_BAD_HANDLER;

import io.dormouse.api.Arguments;
import io.dormouse.api.DisconnectReason;
import io.dormouse.api.Handshake;
import io.dormouse.api.On;
import io.dormouse.api.OnAny;
import io.dormouse.api.OnConnect;
import io.dormouse.api.OnDisconnect;
import io.dormouse.api.OnDisconnecting;
import io.dormouse.api.Payload;
import io.dormouse.api.Socket;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;

/**
 * An annotated method whose form is allowed.
 *
 * @param event the event's name for {@link Kind#ON}, else empty
 */
record HandlerMethod(Method method, Kind kind, String event) {
  enum Kind {
    ON(On.class, "(arguments…), (Socket, arguments…), (Arguments) or (Socket, Arguments)"),
    ANY(OnAny.class, "(Socket, String, Arguments)"),
    CONNECT(OnConnect.class, "(), (Socket), (Handshake) or (Socket, Handshake)"),
    DISCONNECTING(
        OnDisconnecting.class, "(), (Socket), (DisconnectReason) or (Socket, DisconnectReason)"),
    DISCONNECT(
        OnDisconnect.class, "(), (Socket), (DisconnectReason) or (Socket, DisconnectReason)");

    private final Class<? extends Annotation> annotation;
    private final String forms;

    Kind(Class<? extends Annotation> annotation, String forms) {
      this.annotation = annotation;
      this.forms = forms;
    }

    private String allowed() {
      return "an @" + annotation.getSimpleName() + " method takes " + forms;
    }

    /** What a method may take, in this order; {@link #ON} takes what its event has. */
    private List<Class<?>> parameters() {
      return switch (this) {
        case ON -> List.of();
        case ANY -> List.of(Socket.class, String.class, Arguments.class);
        case CONNECT -> List.of(Socket.class, Handshake.class);
        case DISCONNECTING, DISCONNECT -> List.of(Socket.class, DisconnectReason.class);
      };
    }
  }

  /**
   * The handlers of a class and those that it inherits, sorted by name.
   *
   * @throws PluginRefused when one has a form that is not allowed
   */
  static List<HandlerMethod> of(Class<?> type) {
    List<HandlerMethod> found = new ArrayList<>();
    Set<String> overridden = new HashSet<>();
    for (Class<?> c = type; c != null && c != Object.class; c = c.getSuperclass()) {
      Method[] methods = c.getDeclaredMethods();
      Arrays.sort(methods, Comparator.comparing(Method::toString));
      for (Method method : methods) {
        String signature = method.getName() + Arrays.toString(method.getParameterTypes());
        if (!method.isSynthetic() && overridden.add(signature)) {
          addIfAnnotated(method, found);
        }
      }
    }
    return found;
  }

  private static void addIfAnnotated(Method method, List<HandlerMethod> found) {
    List<Kind> kinds =
        Arrays.stream(Kind.values())
            .filter(kind -> method.isAnnotationPresent(kind.annotation))
            .toList();
    if (kinds.size() > 1) {
      throw new PluginRefused(
          PLUGIN_BAD_HANDLER,
          name(method)
              + " has two of @On, @OnAny, @OnConnect, @OnDisconnecting and @OnDisconnect; split it");
    }
    for (Kind kind : kinds) {
      On on = method.getAnnotation(On.class);
      var handler = new HandlerMethod(method, kind, on != null ? on.value() : "");
      handler.check();
      found.add(handler);
    }
  }

  /** {@code ChatRoom.join}, as messages name it. */
  static String name(Method method) {
    return method.getDeclaringClass().getSimpleName() + "." + method.getName();
  }

  private void check() {
    if (Modifier.isStatic(method.getModifiers())) {
      throw refused("is static; make it a method of the object");
    }
    if (kind == Kind.ON) {
      checkArguments();
    } else {
      checkFixed();
    }
  }

  private void checkArguments() {
    Class<?> returned = method.getReturnType();
    if (Future.class.isAssignableFrom(returned)
        || CompletionStage.class.isAssignableFrom(returned)) {
      throw refused(
          "returns %s, which is no ack; wait for the value, a handler may block"
              .formatted(returned.getSimpleName()));
    }
    Class<?>[] types = method.getParameterTypes();
    for (int i = 0; i < types.length; i++) {
      boolean fits =
          types[i] == Socket.class
              ? i == 0
              : types[i] == Arguments.class
                  ? i == types.length - 1 && i == firstArgument()
                  : types[i] == Payload.class || types[i].getPackage() != On.class.getPackage();
      if (!fits) {
        throw badParameter(i);
      }
    }
  }

  /** The index of the parameter that takes the event's first argument. */
  int firstArgument() {
    Class<?>[] types = method.getParameterTypes();
    return types.length > 0 && types[0] == Socket.class ? 1 : 0;
  }

  private void checkFixed() {
    if (method.getReturnType() != void.class) {
      throw refused(
          "returns %s, which nobody receives; make it void"
              .formatted(method.getReturnType().getSimpleName()));
    }
    Class<?>[] types = method.getParameterTypes();
    List<Class<?>> left = kind.parameters();
    for (int i = 0; i < types.length; i++) {
      int at = left.indexOf(types[i]);
      if (at < 0) {
        throw badParameter(i);
      }
      left = left.subList(at + 1, left.size());
    }
    if (kind == Kind.ANY && types.length != 3) {
      throw refused("has %d parameters; %s".formatted(types.length, kind.allowed()));
    }
  }

  private PluginRefused badParameter(int index) {
    return new PluginRefused(
        PLUGIN_BAD_HANDLER,
        "parameter %d of %s is %s; %s"
            .formatted(
                index + 1,
                name(method),
                method.getParameterTypes()[index].getSimpleName(),
                kind.allowed()));
  }

  private PluginRefused refused(String problem) {
    return new PluginRefused(PLUGIN_BAD_HANDLER, name(method) + " " + problem);
  }
}
