package io.dormouse.host.plugin;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What this host must find again after a restart: copies of JARs and what is installed. It is held
 * by one host at a time, until {@link #close} or the end of the process, however that comes.
 */
final class StateFolder implements AutoCloseable {
  /**
   * Folders held by hosts of this process. A second one must not even open the lock's file: closing
   * it again would give up the first one's lock, as POSIX has it.
   */
  private static final Set<Path> HELD = new HashSet<>();

  private static final String JARS = "jars";

  private final Path folder;
  private final boolean temporary;
  private final FileChannel lock;

  private StateFolder(Path folder, boolean temporary, FileChannel lock) {
    this.folder = folder;
    this.temporary = temporary;
    this.lock = lock;
  }

  /**
   * @param configured made when missing; null for a temporary one, which ends with this object
   * @throws StateFolderUnusable when another host holds it or it cannot be written
   */
  static StateFolder open(@Nullable Path configured) {
    Path named = configured == null ? Path.of(System.getProperty("java.io.tmpdir")) : configured;
    try {
      Path folder =
          configured == null
              ? Files.createTempDirectory("dormouse-state-").toRealPath()
              : Files.createDirectories(configured.toAbsolutePath()).toRealPath();
      Files.createDirectories(folder.resolve(JARS));
      return new StateFolder(folder, configured == null, lock(folder));
    } catch (IOException unusable) {
      throw new StateFolderUnusable(
          named,
          reason(unusable)
              + "; make it writable or name another one in dormouse.plugins.state-folder");
    }
  }

  private static FileChannel lock(Path folder) throws IOException {
    synchronized (HELD) {
      if (!HELD.add(folder)) {
        throw held(folder);
      }
      FileChannel channel = null;
      FileLock lock = null;
      try {
        channel =
            FileChannel.open(
                folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        lock = channel.tryLock();
        if (lock == null) {
          throw held(folder);
        }
        return channel;
      } catch (OverlappingFileLockException ofThisProcess) {
        throw held(folder);
      } finally {
        if (lock == null) {
          HELD.remove(folder);
          if (channel != null) {
            channel.close();
          }
        }
      }
    }
  }

  private static StateFolderUnusable held(Path folder) {
    return new StateFolderUnusable(
        folder,
        "another host holds it; stop that one or name another folder in"
            + " dormouse.plugins.state-folder");
  }

  Path path() {
    return folder;
  }

  Path jars() {
    return folder.resolve(JARS);
  }

  Path installations() {
    return folder.resolve("installations.json");
  }

  /** Gives the folder free for the next host; a temporary one is deleted. */
  @Override
  public void close() {
    synchronized (HELD) {
      try {
        lock.close();
        if (temporary) {
          delete();
        }
      } catch (IOException left) {
        // Only space is lost; the lock ends with the process.
      } finally {
        HELD.remove(folder);
      }
    }
  }

  private void delete() throws IOException {
    List<Path> deepestFirst;
    try (Stream<Path> files = Files.walk(folder)) {
      deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path file : deepestFirst) {
      Files.deleteIfExists(file);
    }
  }

  /** Puts a finished file in the place of another one, wholly or not at all, also after a crash. */
  static void publish(Path finished, Path place) throws IOException {
    Files.move(finished, place, StandardCopyOption.ATOMIC_MOVE);
    try (FileChannel parent =
        FileChannel.open(place.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
      parent.force(true);
    } catch (IOException unsupported) {
      // Some file systems have no names to force; then it is as safe as they are.
    }
  }

  /** Without paths, which may be chosen at random: the same trouble has the same text. */
  static String reason(IOException thrown) {
    String what =
        thrown instanceof FileSystemException named ? named.getReason() : thrown.getMessage();
    String name = thrown.getClass().getSimpleName();
    return what == null ? name : name + " '" + Failure.oneLine(what) + "'";
  }
}
