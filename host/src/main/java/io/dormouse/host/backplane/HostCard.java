package io.dormouse.host.backplane;

import java.time.Instant;
import java.util.List;

/** What a host says of itself; see {@link HostStatus}. */
public record HostCard(
    String name,
    String version,
    Instant started,
    int sockets,
    List<HostStatus.PluginPart> plugins) {}
