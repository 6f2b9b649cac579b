package io.dormouse.host.admin;

import java.util.List;

/** Routes that belong together. */
interface Routes {
  List<Route> routes();

  /** Ends answers that would not end by themselves. */
  default void stop() {}
}
