/**
 * Namespaces, sockets, rooms, acks and middleware. In come Engine.IO sessions and the {@link
 * io.dormouse.host.namespace.Handlers} that plugins registered; out go packets, encoded once. The
 * only place where {@code engine} and {@code protocol} meet. Called by the plugin runtime and the
 * root.
 */
@NullMarked
package io.dormouse.host.namespace;

import org.jspecify.annotations.NullMarked;
