package io.dormouse.host.backplane;

import io.dormouse.host.namespace.Target;
import io.dormouse.host.protocol.EventData;

/** Writes this host's broadcasts for servers of another kind too. Never blocks. */
interface Dialect {
  void broadcast(String namespace, Target target, EventData event);
}
