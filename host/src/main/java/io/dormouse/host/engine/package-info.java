/**
 * Engine.IO v4: sessions over polling and WebSocket, the upgrade between them, heartbeats, the
 * outbound queue and why a session closed. In come HTTP requests and WebSocket bytes; out go whole
 * messages to a {@link io.dormouse.host.engine.SessionListener}. Knows nothing of Socket.IO. The
 * root hangs {@link io.dormouse.host.engine.Engine} into the web server; {@code namespace} listens.
 */
@NullMarked
package io.dormouse.host.engine;

import org.jspecify.annotations.NullMarked;
