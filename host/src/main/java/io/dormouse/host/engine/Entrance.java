package io.dormouse.host.engine;

/**
 * Where requests come in.
 *
 * @param clientAddress tells who a request comes from
 * @param ofHosts whether other hosts forward what came to them: of sessions that are here, and
 *     never to be forwarded again
 */
record Entrance(ClientAddress clientAddress, boolean ofHosts) {}
