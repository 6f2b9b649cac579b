package io.dormouse.host.plugin;

import static io.dormouse.host.plugin.PluginErrorCode.PLUGIN_STAGING_FAILED;

import io.dormouse.host.plugin.Staging.StagedJar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * One file of the plugins folder, from look to look.
 *
 * <pre>
 * SETTLING ──(two looks alike, a whole zip)──→ verified
 *    ↑    └──(six looks alike, or no time to wait)──→ verified or refused
 *    └──(signature changed)── both
 * </pre>
 */
final class WatchedJar {
  private static final int LOOKS_TO_SETTLE = 2;

  /** Five intervals: a copy may pause. */
  private static final int LOOKS_OF_A_PART = 6;

  private static final int MAX_PAUSE = 32;

  private final Path file;
  private final Staging staging;
  private final long maxBytes;

  private @Nullable FileSignature seen;
  private int looks;
  private int missing;
  private boolean settling = true;

  private @Nullable VerifiedJar verified;
  private @Nullable FileSignature verifiedAs;
  private @Nullable PluginRefused refused;

  /** Looks until staging is tried again after it failed, and how many it will be next time. */
  private int wait;

  private int pause = 1;

  WatchedJar(Path file, Staging staging, long maxBytes) {
    this.file = file;
    this.staging = staging;
    this.maxBytes = maxBytes;
  }

  String name() {
    return String.valueOf(file.getFileName());
  }

  /**
   * Looks at the file and takes it when it is due.
   *
   * @param now does not wait until it has settled
   */
  void look(@Nullable FileSignature signature, boolean now) {
    if (signature == null) {
      missing++;
      return;
    }
    missing = 0;
    if (!signature.equals(seen)) {
      see(signature);
    } else if (!now) {
      looks++;
    }
    if (now ? settling || stagingFailed() : isDue()) {
      take();
    }
  }

  private void see(FileSignature signature) {
    seen = signature;
    looks = 1;
    settling = true;
    pause = 1;
  }

  private boolean isDue() {
    if (!settling) {
      return stagingFailed() && --wait <= 0;
    }
    return looks >= LOOKS_OF_A_PART || (looks >= LOOKS_TO_SETTLE && isWhole());
  }

  private boolean stagingFailed() {
    return refused != null && refused.code() == PLUGIN_STAGING_FAILED;
  }

  /** Its directory is at the end of a zip, so that a part of one has none. */
  private boolean isWhole() {
    if (!Files.isRegularFile(file)) {
      return true; // nothing to wait for
    }
    try (ZipFile _ = new ZipFile(file.toFile())) {
      return true;
    } catch (ZipException part) {
      return false;
    } catch (IOException other) {
      return true; // staging will say what it is
    }
  }

  /** Copies and verifies. Nothing changes when the file changes meanwhile. */
  void take() {
    StagedJar copy = null;
    VerifiedJar jar = null;
    PluginRefused why = null;
    try {
      copy = staging.stage(file, maxBytes);
      jar = VerifiedJar.of(copy);
    } catch (PluginRefused refusal) {
      why = refusal;
    }
    FileSignature after = FileSignature.of(file);
    if (after == null || !after.equals(seen)) {
      if (after != null) {
        see(after);
      }
      return;
    }
    settling = false;
    refused = why;
    if (jar != null) {
      verified = jar;
      verifiedAs = seen;
    }
    if (stagingFailed()) {
      wait = pause;
      pause = Math.min(2 * pause, MAX_PAUSE);
    }
  }

  /** Whether it was not there when it was looked at last, and how often in a row. */
  int missing() {
    return missing;
  }

  /** Whether what is in it now is not known yet. */
  boolean isSettling() {
    return settling;
  }

  /** What it held when it was in order last; null when it never was. */
  @Nullable VerifiedJar verified() {
    return verified;
  }

  /** The file as it was when {@link #verified} was in it. */
  FileSignature verifiedAs() {
    return Objects.requireNonNull(verifiedAs);
  }

  /** Whether {@link #verified} is what is in it now. */
  boolean isVerified() {
    return verified != null && refused == null && Objects.equals(seen, verifiedAs);
  }

  /** Copies it again when its copy has gone. */
  void keepCopy() {
    if (isVerified() && verified != null && !Files.exists(verified.staged().file())) {
      take();
    }
  }

  /** Why what is in it cannot be used; null when it can, or is not known yet. */
  @Nullable PluginRefused refused() {
    return refused;
  }
}
