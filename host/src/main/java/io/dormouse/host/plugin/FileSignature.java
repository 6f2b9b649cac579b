package io.dormouse.host.plugin;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;

/**
 * By what a file is taken for unchanged without being read: of a link, those of its target.
 *
 * @param key which file it is on its disk; null where the file system has no such thing
 */
record FileSignature(long size, FileTime modified, @Nullable Object key) {
  /** Of a file that is there but cannot be looked at. */
  private static final FileSignature HIDDEN = new FileSignature(-1, FileTime.fromMillis(0), null);

  /** Null when there is no such file, or a link to none. */
  static @Nullable FileSignature of(Path file) {
    try {
      BasicFileAttributes its = Files.readAttributes(file, BasicFileAttributes.class);
      return new FileSignature(its.size(), its.lastModifiedTime(), its.fileKey());
    } catch (NoSuchFileException gone) {
      return null;
    } catch (IOException hidden) {
      return HIDDEN;
    }
  }
}
