package io.dormouse.host.plugin;

/** Something else is being done with the plugin; ask again when that has ended. */
public final class OperationInProgress extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final String operation;

  OperationInProgress(String pluginId, String operation) {
    super(
        "Plugin '%s' is in the middle of another operation, %s; try again when that has ended"
            .formatted(pluginId, operation));
    this.operation = operation;
  }

  public String operation() {
    return operation;
  }
}
