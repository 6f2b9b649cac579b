/**
 * A small chat on {@code /chat}: names, rooms with a history, private messages, who is where.
 *
 * <p>Clients' events come in at {@link io.dormouse.plugins.chat.ChatNamespace}. Nothing about a
 * client is kept in a field: a socket remembers its person, {@link io.dormouse.plugins.chat.People}
 * asks the sockets, {@link io.dormouse.plugins.chat.Rooms} keeps lines in the plugin's state. So
 * the plugin may be replaced, sleep and run on several hosts while people talk.
 */
@NullMarked
package io.dormouse.plugins.chat;

import org.jspecify.annotations.NullMarked;
