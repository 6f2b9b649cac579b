package io.dormouse.host.namespace;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import io.micronaut.core.convert.format.ReadableBytes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Settings of namespaces and their sockets, {@code dormouse.socket.*}.
 *
 * @param connectTimeout how long a client may be connected without joining a namespace
 * @param ackTimeout how long {@code emitWithAck} waits when not told
 * @param handlerTimeout how long a handler may run before it is interrupted
 * @param inboxLimit events of one socket that wait for its handlers before nothing more is read
 * @param inboxBytes bytes of the same
 * @param inboxTimeout how long nothing may be read before the client is disconnected
 * @param maxEventsPerSecond of one socket; more are answered with an error
 * @param maxNamespaces that one client may have joined
 * @param maxChildren namespaces that may exist at a time for one pattern
 * @param dataLimit bytes of one socket's data
 */
@ConfigurationProperties("dormouse.socket")
public record SocketSettings(
    @Bindable(defaultValue = "45s") Duration connectTimeout,
    @Bindable(defaultValue = "10s") Duration ackTimeout,
    @Bindable(defaultValue = "30s") Duration handlerTimeout,
    @Bindable(defaultValue = "1000") int inboxLimit,
    @ReadableBytes @Bindable(defaultValue = "4000000") int inboxBytes,
    @Bindable(defaultValue = "1m") Duration inboxTimeout,
    @Bindable(defaultValue = "10000") int maxEventsPerSecond,
    @Bindable(defaultValue = "100") int maxNamespaces,
    @Bindable(defaultValue = "10000") int maxChildren,
    @ReadableBytes @Bindable(defaultValue = "16KB") int dataLimit) {

  /** The defaults. */
  public static SocketSettings defaults() {
    return new SocketSettings(
        Duration.ofSeconds(45),
        Duration.ofSeconds(10),
        Duration.ofSeconds(30),
        1000,
        4_000_000,
        Duration.ofSeconds(60),
        10_000,
        100,
        10_000,
        16_384);
  }

  /** What is wrong with these values, in a form for people; empty when nothing is. */
  public List<String> problems() {
    List<String> problems = new ArrayList<>();
    positive(problems, "connect-timeout", connectTimeout.toNanos(), connectTimeout);
    positive(problems, "ack-timeout", ackTimeout.toNanos(), ackTimeout);
    positive(problems, "handler-timeout", handlerTimeout.toNanos(), handlerTimeout);
    positive(problems, "inbox-limit", inboxLimit, inboxLimit);
    positive(problems, "inbox-bytes", inboxBytes, inboxBytes);
    positive(problems, "inbox-timeout", inboxTimeout.toNanos(), inboxTimeout);
    positive(problems, "max-events-per-second", maxEventsPerSecond, maxEventsPerSecond);
    positive(problems, "max-namespaces", maxNamespaces, maxNamespaces);
    positive(problems, "max-children", maxChildren, maxChildren);
    positive(problems, "data-limit", dataLimit, dataLimit);
    return problems;
  }

  private static void positive(List<String> problems, String key, long number, Object value) {
    if (number <= 0) {
      problems.add("dormouse.socket." + key + " must be positive, was " + value);
    }
  }
}
