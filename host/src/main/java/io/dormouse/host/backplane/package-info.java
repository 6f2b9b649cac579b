/**
 * What joins hosts over Redis: the adapter in the format of Node's redis-adapter, the dialect of
 * Python's servers, who is there, and the way to sessions of other hosts. In come a namespace's
 * broadcasts and what other hosts and emitters publish; out go messages on Redis, packets to this
 * host's sockets and requests to other hosts. Called by the root.
 */
@NullMarked
package io.dormouse.host.backplane;

import org.jspecify.annotations.NullMarked;
