package io.dormouse.host.plugin;

import java.nio.file.Path;

/** The state folder belongs to another host or cannot be used; the message says what to do. */
public final class StateFolderUnusable extends RuntimeException {
  private static final long serialVersionUID = 1;

  StateFolderUnusable(Path folder, String reason) {
    super("State folder '" + folder + "' cannot be used: " + reason);
  }
}
