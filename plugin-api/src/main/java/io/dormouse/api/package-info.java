/**
 * What a plugin author compiles against: namespaces, sockets, rooms, acks, state.
 *
 * <p>A plugin implements {@link io.dormouse.api.Plugin} and gets everything else from its {@link
 * io.dormouse.api.PluginContext}. The host implements the interfaces of this package; a plugin
 * implements {@code Plugin} and the handler interfaces only. Names are Socket.IO's wherever
 * Socket.IO has one.
 */
@NullMarked
package io.dormouse.api;

import org.jspecify.annotations.NullMarked;
