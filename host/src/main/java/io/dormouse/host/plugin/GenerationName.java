package io.dormouse.host.plugin;

/**
 * Which loaded version of which plugin.
 *
 * @param number counts all that this host has loaded, since versions repeat
 */
record GenerationName(String id, String version, int number) {
  /** How people know it: {@code Plugin 'chat' 1.4.0}. */
  String title() {
    return "Plugin '" + id + "' " + version;
  }

  /** How stack frames and thread names know it: {@code chat@7}. */
  @Override
  public String toString() {
    return id + "@" + number;
  }
}
