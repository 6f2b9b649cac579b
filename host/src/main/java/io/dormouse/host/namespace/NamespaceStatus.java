package io.dormouse.host.namespace;

/**
 * One namespace that clients can join now, for operators.
 *
 * @param pluginId who serves it
 * @param sockets in it, on this host
 * @param rooms that somebody is in, on this host
 */
public record NamespaceStatus(String name, String pluginId, int sockets, int rooms) {}
