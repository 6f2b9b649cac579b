package io.dormouse.host.admin;

import io.dormouse.host.backplane.HostStatus;
import java.util.List;

/** The hosts that act as one, this one first; a host without Redis is alone. */
@FunctionalInterface
public interface HostList {
  List<HostStatus> all();
}
