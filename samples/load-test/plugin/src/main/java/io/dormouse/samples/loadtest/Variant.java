package io.dormouse.samples.loadtest;

/**
 * What tells the versions of this plugin apart: the bench makes JARs that differ from this one in
 * the manifest and in this class.
 */
final class Variant {
  private Variant() {}

  /** The namespace that is served. */
  static String namespace() {
    return "/";
  }

  /** A letter that is answered. */
  static String letter() {
    return "a";
  }
}
