package io.dormouse.dist.cluster;

import io.dormouse.api.Namespace;
import io.dormouse.api.Plugin;
import io.dormouse.api.PluginContext;

/** Serves {@code /cluster}, and {@code /kept} with recovery. */
public final class ClusterPlugin implements Plugin {
  @Override
  public void start(PluginContext context) {
    Namespace cluster = context.namespace("/cluster");
    cluster.handlers(new Operators(cluster));
    cluster.handlers(new Remote(cluster));
    cluster.handlers(new ServerSide(cluster));
    cluster.handlers(new Numbers(context, cluster));
    Namespace kept = context.namespace("/kept").recoverable();
    kept.handlers(new Kept(kept));
    kept.handlers(new Numbers(context, kept));
  }
}
