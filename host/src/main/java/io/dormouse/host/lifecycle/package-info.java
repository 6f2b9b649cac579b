/**
 * How the host lives: its state, and its drain, which moves the clients to other hosts before it
 * goes. The root tells it of start and stop, {@code admin} of what operators want; it reaches the
 * clients through {@link io.dormouse.host.lifecycle.Clients}.
 */
@NullMarked
package io.dormouse.host.lifecycle;

import org.jspecify.annotations.NullMarked;
