package io.dormouse.host.backplane;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a host says of itself; see {@link HostStatus}.
 *
 * @param address of its internal listener, {@code host:port}; null while it is closed
 */
public record HostCard(
    String name,
    String version,
    Instant started,
    @Nullable String address,
    int sockets,
    List<HostStatus.PluginPart> plugins,
    String state) {}
