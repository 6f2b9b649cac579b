package io.dormouse.host.plugin;

/** A JAR that was copied and verified, and not deployed yet. */
public final class Upload {
  private final VerifiedJar jar;
  private final long bytes;

  Upload(VerifiedJar jar, long bytes) {
    this.jar = jar;
    this.bytes = bytes;
  }

  VerifiedJar jar() {
    return jar;
  }

  /** Its {@code Plugin-Id}. */
  public String id() {
    return jar.id();
  }

  /** Its {@code Plugin-Version}. */
  public String version() {
    return jar.version();
  }

  /** SHA-256 in lower-case hex. */
  public String digest() {
    return jar.digest();
  }

  public long bytes() {
    return bytes;
  }
}
