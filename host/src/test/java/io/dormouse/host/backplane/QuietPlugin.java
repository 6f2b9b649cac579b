package io.dormouse.host.backplane;

import io.dormouse.host.namespace.Handlers;
import io.dormouse.host.namespace.Namespaces;
import io.dormouse.host.namespace.Owner;
import io.dormouse.host.protocol.ValueCodec;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A plugin that serves namespaces and handles nothing. */
final class QuietPlugin {
  private QuietPlugin() {}

  static void serve(Namespaces namespaces, String... names) {
    ClassLoader loader = QuietPlugin.class.getClassLoader();
    Owner owner = new Owner("plugin", ValueCodec.of(loader), loader);
    Map<String, Handlers> served = new HashMap<>();
    for (String name : names) {
      served.put(
          name,
          new Handlers(
              owner, Map.of(), null, List.of(), List.of(), null, null, null, Map.of(), false));
    }
    namespaces.serve(owner, served);
  }
}
