package io.dormouse.host.plugin;

import java.lang.ref.Reference;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether an object keeps a class loader in memory, through objects of the JDK: a list of a
 * plugin's records, a future with its task. Fields of the host's and of other plugins' objects are
 * not looked at, nor is what the JDK does not open, so that false means "not seen".
 */
final class Reach {
  private static final int MOST_OBJECTS = 5_000;

  private final ClassLoader loader;
  private final Map<Class<?>, List<Field>> fields = new HashMap<>();

  Reach(ClassLoader loader) {
    this.loader = loader;
  }

  boolean from(@Nullable Object start) {
    return find(start) != null;
  }

  /** The plugin's own object that is reached, or a class or class loader of it. */
  @Nullable Object find(@Nullable Object start) {
    Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    Deque<Object> open = new ArrayDeque<>();
    add(start, seen, open);
    while (!open.isEmpty()) {
      Object next = open.remove();
      if (isOwn(next)) {
        return next;
      }
      follow(next, seen, open);
    }
    return null;
  }

  private static void add(@Nullable Object object, Set<Object> seen, Deque<Object> open) {
    if (object != null && seen.size() < MOST_OBJECTS && seen.add(object)) {
      open.add(object);
    }
  }

  private boolean isOwn(Object object) {
    return switch (object) {
      case ClassLoader other -> loader.equals(other);
      case Class<?> type -> loader.equals(type.getClassLoader());
      case Member member -> loader.equals(member.getDeclaringClass().getClassLoader());
      case Throwable thrown when ofJdk(thrown.getClass()) ->
          Arrays.stream(thrown.getStackTrace()).anyMatch(this::isOwn);
      default -> loader.equals(object.getClass().getClassLoader());
    };
  }

  private boolean isOwn(StackTraceElement frame) {
    return Objects.equals(frame.getClassLoaderName(), loader.getName());
  }

  private void follow(Object object, Set<Object> seen, Deque<Object> open) {
    if (object instanceof Object[] array) {
      for (Object element : array) {
        add(element, seen, open);
      }
    } else if (isFollowed(object)) {
      for (Field field : fields.computeIfAbsent(object.getClass(), Reach::fieldsOf)) {
        try {
          add(field.get(object), seen, open);
        } catch (IllegalAccessException impossible) {
          throw new IllegalStateException(impossible); // it was made accessible
        }
      }
    }
  }

  /** A thread holds too much that is not meant here, a reference does not hold. */
  private static boolean isFollowed(Object object) {
    return ofJdk(object.getClass())
        && !(object instanceof Thread
            || object instanceof ThreadGroup
            || object instanceof ClassLoader
            || object instanceof Class<?>
            || object instanceof Module
            || object instanceof Reference<?>
            || object instanceof String);
  }

  private static boolean ofJdk(Class<?> type) {
    return type.getClassLoader() == null
        || ClassLoader.getPlatformClassLoader().equals(type.getClassLoader());
  }

  private static List<Field> fieldsOf(Class<?> type) {
    List<Field> fields = new ArrayList<>();
    for (Class<?> t = type; t != null; t = t.getSuperclass()) {
      for (Field field : t.getDeclaredFields()) {
        if (!Modifier.isStatic(field.getModifiers())
            && !field.getType().isPrimitive()
            && field.trySetAccessible()) {
          fields.add(field);
        }
      }
    }
    return fields;
  }
}
