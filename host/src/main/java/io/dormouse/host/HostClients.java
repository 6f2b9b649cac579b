package io.dormouse.host;

import io.dormouse.host.engine.CloseReason;
import io.dormouse.host.engine.EngineServer;
import io.dormouse.host.engine.Session;
import io.dormouse.host.lifecycle.Clients;
import io.dormouse.host.plugin.PluginRuntime;
import io.dormouse.host.plugin.PluginStatus;
import java.util.ArrayList;
import java.util.List;

/** The engine's sessions and tunnels, and the plugins' calls, as a drain sees them. */
record HostClients(EngineServer engine, PluginRuntime plugins) implements Clients {
  private record SessionClient(Session session) implements Client {
    @Override
    public boolean isHere() {
      return session.isOpen();
    }

    @Override
    public boolean isBusy() {
      return session.isBusy();
    }

    @Override
    public void move() {
      session.close(CloseReason.SHUTDOWN);
    }
  }

  /** One of the WebSockets of other hosts' sessions, all of which are alike. */
  private record TunnelClient(EngineServer engine) implements Client {
    @Override
    public boolean isHere() {
      return engine.strays().tunnels() > 0;
    }

    @Override
    public boolean isBusy() {
      return false; // its host knows, and is not asked for each
    }

    @Override
    public void move() {
      boolean _ = engine.strays().releaseTunnel();
    }
  }

  @Override
  public void letIn(boolean anybody) {
    engine.letIn(anybody);
  }

  @Override
  public List<? extends Client> present() {
    List<Client> present = new ArrayList<>();
    engine.open().forEach(session -> present.add(new SessionClient(session)));
    for (int tunnels = engine.strays().tunnels(); tunnels > 0; tunnels--) {
      present.add(new TunnelClient(engine));
    }
    return present;
  }

  @Override
  public int calls() {
    return plugins.plugins().stream().mapToInt(PluginStatus::leases).sum();
  }
}
