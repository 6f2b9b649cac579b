package io.dormouse.host.lifecycle;

/** Told of drains, on a thread that drains or stops the host. Must not block. */
public interface DrainListener {
  /** Nobody is let in any more. */
  void began(String why, DrainStatus status);

  /** No client is left, or what was left was sent away. Not called for one that is cancelled. */
  void ended(DrainStatus status);
}
