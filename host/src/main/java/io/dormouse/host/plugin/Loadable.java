package io.dormouse.host.plugin;

import org.jspecify.annotations.Nullable;

/** A version of a plugin that can be loaded, as often as one likes. */
interface Loadable {
  String id();

  String version();

  /** SHA-256 in lower-case hex, which tells versions apart; null without a JAR. */
  @Nullable String digest();

  /** Whether it is the same version, to the byte. */
  default boolean isSameAs(Loadable other) {
    String own = digest();
    return own == null ? equals(other) : own.equals(other.digest());
  }

  /** A file name for people; null without a JAR. */
  @Nullable String fileName();

  /** Whether it has a {@code web/index.html}. */
  boolean page();

  /**
   * Loads its classes, without running any of its code.
   *
   * @param known whether it was loaded before, so that its classes need no second look
   * @throws PluginRefused when its plugin class or a handler is not acceptable
   */
  PluginSource load(GenerationName name, boolean known);
}
