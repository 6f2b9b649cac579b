package io.dormouse.host.lifecycle;

import java.util.List;

/** The clients of this host, as a drain sees them. */
public interface Clients {
  /** One client. */
  interface Client {
    /** Whether it has not left by itself meanwhile. */
    boolean isHere();

    /** Whether a handler of its runs, an ack of its is awaited, or it upgrades. */
    boolean isBusy();

    /** Sends it to another host. Returns at once. */
    void move();
  }

  /** Whether new ones are let in. */
  void letIn(boolean anybody);

  /** Those that are here now. */
  List<? extends Client> present();

  /** Calls of plugins that are under way: handlers, tasks, waits for acks. */
  int calls();
}
