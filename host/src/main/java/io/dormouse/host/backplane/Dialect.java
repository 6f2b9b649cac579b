package io.dormouse.host.backplane;

import io.dormouse.host.namespace.Target;
import io.dormouse.host.protocol.EventData;
import java.util.Collection;

/**
 * Writes what this host says to all for servers of another kind too, as far as those can be told.
 * Never blocks.
 */
interface Dialect {
  void broadcast(String namespace, Target target, EventData event);

  void join(String namespace, Target target, Collection<String> rooms);

  void leave(String namespace, Target target, Collection<String> rooms);

  void disconnect(String namespace, Target target);
}
