package io.dormouse.host.namespace;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Which sockets of a namespace are meant. Immutable.
 *
 * @param rooms empty for everyone
 */
public record Target(Set<String> rooms, Set<String> except) {
  public static final Target EVERYONE = new Target(Set.of(), Set.of());

  public Target to(String... added) {
    return new Target(union(rooms, List.of(added)), except);
  }

  public Target except(String... added) {
    return new Target(rooms, union(except, List.of(added)));
  }

  private static Set<String> union(Set<String> first, Collection<String> second) {
    Set<String> union = new LinkedHashSet<>(first);
    union.addAll(second);
    return Set.copyOf(union);
  }
}
