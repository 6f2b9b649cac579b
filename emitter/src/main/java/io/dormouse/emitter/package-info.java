/**
 * Emits to the sockets of all hosts from a process that holds none: a worker, a batch, a web
 * server. In come events of that process; out go messages on Redis in the format of Node's
 * redis-adapter, which Dormouse and Node servers read alike. Begin with {@link
 * io.dormouse.emitter.Emitter}.
 */
@NullMarked
package io.dormouse.emitter;

import org.jspecify.annotations.NullMarked;
