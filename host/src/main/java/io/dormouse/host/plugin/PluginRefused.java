package io.dormouse.host.plugin;

/**
 * A plugin, or something that it registers, is not acceptable. The message is one line, written for
 * whoever put the plugin there, and ends with the code.
 *
 * <p>Has no cause: an exception of a plugin's code would keep the plugin's classes alive.
 */
public final class PluginRefused extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  private final PluginErrorCode code;
  private final String reason;

  PluginRefused(PluginErrorCode code, String reason) {
    this.code = code;
    this.reason = reason;
  }

  @Override
  public String getMessage() {
    return reason + " [" + code + "]";
  }

  public PluginErrorCode code() {
    return code;
  }

  /** The message without its code. */
  String reason() {
    return reason;
  }

  /** The same refusal, said of somebody: {@code Plugin 'chat' 1.4.0 did not start: …}. */
  PluginRefused saidOf(String whoDidWhat) {
    return new PluginRefused(code, whoDidWhat + ": " + reason);
  }
}
