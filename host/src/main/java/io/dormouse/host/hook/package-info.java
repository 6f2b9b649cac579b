/**
 * HTTP calls out of the host when something happens that others want to know. The root tells {@link
 * io.dormouse.host.hook.Hooks} of events; each goes as a signed CloudEvent to the hooks that are
 * configured for its type, on threads of its own, so that no endpoint is in the way of a socket.
 * {@code admin} lists them.
 */
@NullMarked
package io.dormouse.host.hook;

import org.jspecify.annotations.NullMarked;
