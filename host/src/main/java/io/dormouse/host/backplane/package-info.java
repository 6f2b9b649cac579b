/**
 * What joins hosts over Redis: the adapter in the format of Node's redis-adapter, the dialect of
 * Python's servers, and who is there. In come a namespace's broadcasts and what other hosts and
 * emitters publish; out go messages on Redis and packets to this host's sockets. Called by the
 * root.
 */
@NullMarked
package io.dormouse.host.backplane;

import org.jspecify.annotations.NullMarked;
