package io.dormouse.host.namespace;

import io.dormouse.api.BroadcastOperator;
import io.dormouse.host.protocol.ValueCodec;
import java.util.Map;

/**
 * All namespaces of this host, by name and by pattern ({@code /tenant-{name}}).
 */
public final class Namespaces {
  /**
   * Opens namespaces, all or none.
   *
   * @param served handlers by name or pattern
   * @throws NamespaceTaken when a name is served by another plugin, or a pattern overlaps
   */
  public void open(Map<String, Handlers> served) {
    throw new UnsupportedOperationException();
  }

  /** Closes all namespaces of a plugin; their sockets are disconnected by the server's side. */
  public void close(String pluginId) {
    throw new UnsupportedOperationException();
  }

  /**
   * Emits into a namespace, whether or not it is open now.
   *
   * @param nameOrPattern a pattern addresses all of its children
   * @param codec writes what is emitted
   */
  public BroadcastOperator operator(String nameOrPattern, ValueCodec codec) {
    throw new UnsupportedOperationException();
  }

  /** Answers events of a plugin's namespaces with an error from now on; their sockets stay. */
  public void quarantine(String pluginId) {
    throw new UnsupportedOperationException();
  }
}
