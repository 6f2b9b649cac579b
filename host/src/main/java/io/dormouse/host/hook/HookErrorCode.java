package io.dormouse.host.hook;

import java.util.Locale;

/** Why a hook has not got an event: the end of the message, and a metric's label. */
public enum HookErrorCode {
  /** It answered that it takes no such call: a status of 4xx. */
  HOOK_REFUSED,
  /** It answered with a redirect, which is not followed. */
  HOOK_REDIRECTED,
  /** It answered that it cannot take it now. */
  HOOK_FAILED,
  /** It did not answer in time. */
  HOOK_TIMEOUT,
  /** There was no connection, or it broke. */
  HOOK_UNREACHABLE,
  /** Its certificate is not trusted, or is another name's. */
  HOOK_UNTRUSTED,
  /** Its address is a private one, which is not allowed. */
  HOOK_PRIVATE_ADDRESS,
  /** Too many events wait for it. */
  HOOK_QUEUE_FULL,
  /** Those before it in the queue took all of its time. */
  HOOK_EXPIRED,
  /** The host has stopped. */
  HOOK_STOPPED;

  /** As a metric's label. */
  String label() {
    return name().substring("HOOK_".length()).toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
