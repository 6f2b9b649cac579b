package io.dormouse.host.plugin;

/** What was asked for needs another state of the plugin, such as a former version to go back to. */
public final class NothingToDo extends RuntimeException {
  private static final long serialVersionUID = 1;

  NothingToDo(String message) {
    super(message);
  }
}
