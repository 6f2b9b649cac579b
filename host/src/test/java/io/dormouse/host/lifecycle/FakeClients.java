package io.dormouse.host.lifecycle;

import java.util.ArrayList;
import java.util.List;

/** Clients that do what a test says, and remember when they were moved. */
final class FakeClients implements Clients {
  final class One implements Client {
    boolean here = true;
    boolean busy;
    boolean moved;

    @Override
    public boolean isHere() {
      return here;
    }

    @Override
    public boolean isBusy() {
      return busy;
    }

    @Override
    public void move() {
      here = false;
      moved = true;
      movedAt.add(now);
    }
  }

  final List<One> all = new ArrayList<>();
  final List<Long> movedAt = new ArrayList<>();
  long now;
  int calls;
  boolean lettingIn = true;

  FakeClients(int count) {
    for (int i = 0; i < count; i++) {
      come();
    }
  }

  One come() {
    One one = new One();
    all.add(one);
    return one;
  }

  long movedCount() {
    return all.stream().filter(one -> one.moved).count();
  }

  @Override
  public void letIn(boolean anybody) {
    lettingIn = anybody;
  }

  @Override
  public List<One> present() {
    return all.stream().filter(one -> one.here).toList();
  }

  @Override
  public int calls() {
    return calls;
  }
}
