package io.dormouse.host.namespace;

import io.dormouse.host.engine.Message;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The sockets and rooms of one namespace on this host. A socket's own room costs nothing. */
final class LocalAdapter implements Adapter {
  private final Map<String, ServerSocket> sockets = new ConcurrentHashMap<>();
  private final Map<String, Set<ServerSocket>> rooms = new ConcurrentHashMap<>();

  @Override
  public void add(ServerSocket socket) {
    sockets.put(socket.id(), socket);
  }

  @Override
  public void remove(ServerSocket socket) {
    sockets.remove(socket.id(), socket);
    Set<String> joined = socket.joinedRooms();
    synchronized (joined) {
      joined.forEach(room -> removeFrom(room, socket));
      joined.clear();
    }
  }

  @Override
  public void join(ServerSocket socket, String... names) {
    Set<String> joined = socket.joinedRooms();
    synchronized (joined) {
      for (String room : names) {
        if (socket.connected() && !room.equals(socket.id()) && joined.add(room)) {
          rooms.compute(
              room,
              (name, present) -> {
                Set<ServerSocket> members =
                    present == null ? ConcurrentHashMap.newKeySet(4) : present;
                members.add(socket);
                return members;
              });
        }
      }
    }
    socket.changed();
  }

  @Override
  public void leave(ServerSocket socket, String... names) {
    Set<String> joined = socket.joinedRooms();
    synchronized (joined) {
      for (String room : names) {
        if (joined.remove(room)) {
          removeFrom(room, socket);
        }
      }
    }
    socket.changed();
  }

  private void removeFrom(String room, ServerSocket socket) {
    rooms.computeIfPresent(
        room,
        (name, members) -> {
          members.remove(socket);
          return members.isEmpty() ? null : members;
        });
  }

  @Override
  public Set<String> rooms(ServerSocket socket) {
    if (!sockets.containsKey(socket.id())) {
      return Set.of();
    }
    Set<String> copy = new LinkedHashSet<>();
    copy.add(socket.id());
    Set<String> joined = socket.joinedRooms();
    synchronized (joined) {
      copy.addAll(joined);
    }
    return copy;
  }

  @Override
  public boolean isEmpty() {
    return sockets.isEmpty();
  }

  @Override
  public boolean hasMember(String room) {
    return sockets.containsKey(room) || rooms.containsKey(room);
  }

  @Override
  public int roomCount() {
    return rooms.size();
  }

  @Override
  public int broadcast(Message message, Target target, boolean isVolatile) {
    return forEach(target, socket -> socket.deliver(message, isVolatile));
  }

  @Override
  public List<ServerSocket> select(Target target) {
    List<ServerSocket> chosen = new ArrayList<>();
    int _ = forEach(target, chosen::add);
    return chosen;
  }

  /** Those who have left meanwhile are left out. */
  private int forEach(Target target, Consumer<ServerSocket> action) {
    Collection<ServerSocket> addressed = addressed(target.rooms());
    Set<ServerSocket> left = target.except().isEmpty() ? null : membersOfAny(target.except());
    int met = 0;
    for (ServerSocket socket : addressed) {
      if (socket.connected() && (left == null || !left.contains(socket))) {
        action.accept(socket);
        met++;
      }
    }
    return met;
  }

  private Collection<ServerSocket> addressed(Set<String> names) {
    return switch (names.size()) {
      case 0 -> sockets.values();
      case 1 -> members(names.iterator().next());
      default -> membersOfAny(names);
    };
  }

  private Set<ServerSocket> membersOfAny(Set<String> names) {
    Set<ServerSocket> union = new LinkedHashSet<>();
    names.forEach(room -> union.addAll(members(room)));
    return union;
  }

  private Collection<ServerSocket> members(String room) {
    @Nullable ServerSocket own = sockets.get(room);
    @Nullable Set<ServerSocket> members = rooms.get(room);
    if (own == null) {
      return members == null ? List.of() : members;
    }
    if (members == null) {
      return List.of(own);
    }
    Set<ServerSocket> both = new LinkedHashSet<>(members);
    both.add(own);
    return both;
  }
}
