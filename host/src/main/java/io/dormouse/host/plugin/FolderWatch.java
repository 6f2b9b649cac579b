package io.dormouse.host.plugin;

import static io.dormouse.host.plugin.PluginErrorCode.PLUGIN_DUPLICATE_ID;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks into the plugins folder again and again. Polling sees what the events of an operating
 * system do not tell: NFS, bind mounts, a ConfigMap whose files are links through one that is
 * swapped.
 *
 * <ul>
 *   <li>A JAR is taken when it is a whole zip that looks the same twice, one interval apart. What
 *       is no zip is refused when it has kept still for five: it may be a copy that pauses.
 *   <li>Of several files with one {@code Plugin-Id} the newest is the folder's offer.
 *   <li>A file that became unusable withdraws nothing; one that has gone does, unless another file
 *       is settling, which may be its successor.
 *   <li>A folder that cannot be read, or that is another one now and empty, withdraws nothing
 *       either: a volume that comes off must not stop plugins.
 * </ul>
 */
final class FolderWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FolderWatch.class);

  /** A file may be away for a moment while it is replaced. */
  private static final int LOOKS_UNTIL_GONE = 2;

  private static final Comparator<WatchedJar> BY_AGE =
      Comparator.comparing((WatchedJar file) -> file.verifiedAs().modified())
          .thenComparing(WatchedJar::name);

  private final Path folder;
  private final Duration interval;
  private final Staging staging;
  private final long maxJarBytes;
  private final Listener listener;
  private final FolderListing listing;

  /** One look at a time; for all of the fields below. */
  private final ReentrantLock looking = new ReentrantLock();

  private final SortedMap<String, WatchedJar> files = new TreeMap<>();
  private final Map<String, Offer> offers = new TreeMap<>();

  /** Refusals that were told, by file name. */
  private final Map<String, String> refusals = new HashMap<>();

  private final CountDownLatch closed = new CountDownLatch(1);

  FolderWatch(
      Path folder, Duration interval, Staging staging, long maxJarBytes, Listener listener) {
    this.folder = folder;
    this.interval = interval;
    this.staging = staging;
    this.maxJarBytes = maxJarBytes;
    this.listener = listener;
    this.listing = new FolderListing(folder);
  }

  /**
   * What the folder wants. Told one at a time, on the thread that looks; the next look waits for
   * it. When {@link #offered} or {@link #withdrawn} throws {@link OperationInProgress}, it is told
   * again after the next look.
   */
  interface Listener {
    /** The folder's JAR for an id is another one than before, or its file was touched. */
    void offered(VerifiedJar jar);

    /** The folder has no JAR for an id any more. */
    void withdrawn(String pluginId);

    /**
     * A file cannot be used, or for another reason than before.
     *
     * @param jar null when it is not known what the file is
     */
    void refused(String fileName, @Nullable VerifiedJar jar, PluginRefused why);

    /** A file that was refused is in order now, or gone. */
    void accepted(String fileName);
  }

  /**
   * What was told.
   *
   * @param signature null when a former run of the host was told
   */
  private record Offer(@Nullable String fileName, @Nullable FileSignature signature) {}

  /**
   * Says, before the first look, that the folder offered a plugin when the host ran last. It is
   * withdrawn when it has none, but not because its file cannot be read.
   *
   * @param fileName of that offer; null when it is not known, then it may be any that cannot be
   *     read
   */
  void expect(String pluginId, @Nullable String fileName) {
    offers.put(pluginId, new Offer(fileName, null));
  }

  /** Looks for the first time when one interval has passed. */
  void start() {
    Thread.ofVirtual()
        .name("plugins folder")
        .inheritInheritableThreadLocals(false)
        .start(this::live);
  }

  private void live() {
    try {
      while (!closed.await(interval.toNanos(), TimeUnit.NANOSECONDS)) {
        try {
          poll();
        } catch (RuntimeException unforeseen) {
          LOG.warn("Plugins folder '{}' was not looked at: {}", folder, Failure.text(unforeseen));
        }
      }
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }

  /** Looks now and takes what is there, settled or not. Returns when all of it was told. */
  void scan() {
    look(true);
  }

  /** One of the looks that are an interval apart. */
  void poll() {
    look(false);
  }

  private void look(boolean now) {
    looking.lock();
    try {
      Map<String, FileSignature> there = isClosed() ? null : listing.read();
      if (there != null) {
        update(there, now);
        Map<String, WatchedJar> newest = newest();
        tellRefusals(newest);
        newest.forEach(this::offer);
        withdraw(newest);
      }
    } finally {
      looking.unlock();
    }
  }

  private void update(Map<String, FileSignature> there, boolean now) {
    for (String name : there.keySet()) {
      files.computeIfAbsent(name, it -> new WatchedJar(folder.resolve(it), staging, maxJarBytes));
    }
    files.forEach((name, file) -> file.look(there.get(name), now));
    files.values().removeIf(file -> file.missing() >= (now ? 1 : LOOKS_UNTIL_GONE));
  }

  /** The file that stands for each id: what is on offer may be broken now, others may not. */
  private Map<String, WatchedJar> newest() {
    Map<String, WatchedJar> newest = new TreeMap<>();
    for (WatchedJar file : files.values()) {
      VerifiedJar jar = file.verified();
      if (jar != null && (file.isVerified() || isOffered(jar.id(), file))) {
        newest.merge(jar.id(), file, (a, b) -> BY_AGE.compare(a, b) > 0 ? a : b);
      }
    }
    return newest;
  }

  private boolean isOffered(String id, WatchedJar file) {
    Offer offer = offers.get(id);
    return offer != null && file.name().equals(offer.fileName);
  }

  private void tellRefusals(Map<String, WatchedJar> newest) {
    files.values().forEach(file -> tellRefusal(file, newest));
    List.copyOf(refusals.keySet()).stream()
        .filter(name -> !files.containsKey(name))
        .sorted()
        .forEach(this::tellAccepted);
  }

  private void tellRefusal(WatchedJar file, Map<String, WatchedJar> newest) {
    PluginRefused own = file.refused();
    VerifiedJar jar = file.verified();
    if (own != null) {
      tellRefusal(file.name(), null, own);
    } else if (jar != null) {
      WatchedJar used = newest.getOrDefault(jar.id(), file);
      if (used == file) {
        tellAccepted(file.name());
      } else {
        tellRefusal(file.name(), jar, duplicate(file, used, jar.id()));
      }
    }
  }

  private void tellRefusal(String fileName, @Nullable VerifiedJar jar, PluginRefused why) {
    String message = why.reason();
    if (!message.equals(refusals.put(fileName, message))) {
      tell(fileName, () -> listener.refused(fileName, jar, why));
    }
  }

  private static PluginRefused duplicate(WatchedJar file, WatchedJar used, String id) {
    return new PluginRefused(
        PLUGIN_DUPLICATE_ID,
        "JAR '%s' is refused: JAR '%s' has the same Plugin-Id '%s' and is newer, so that it is used; remove one of the two"
            .formatted(file.name(), used.name(), id));
  }

  private void tellAccepted(String fileName) {
    if (refusals.remove(fileName) != null) {
      tell(fileName, () -> listener.accepted(fileName));
    }
  }

  private void offer(String id, WatchedJar file) {
    var offer = new Offer(file.name(), file.verifiedAs());
    if (offer.equals(offers.get(id))) {
      return;
    }
    file.keepCopy();
    VerifiedJar jar = file.verified();
    boolean same = file.isVerified() && file.verifiedAs().equals(offer.signature);
    if (same && jar != null && tell(id, () -> listener.offered(jar))) {
      offers.put(id, offer);
    }
  }

  private void withdraw(Map<String, WatchedJar> newest) {
    if (files.values().stream().anyMatch(WatchedJar::isSettling)) {
      return;
    }
    for (String id : List.copyOf(offers.keySet())) {
      if (!newest.containsKey(id)
          && !mayHold(offers.get(id))
          && tell(id, () -> listener.withdrawn(id))) {
        offers.remove(id);
      }
    }
  }

  /** Whether the file of an offer is there, though nobody knows what is in it. */
  private boolean mayHold(@Nullable Offer offer) {
    return offer != null
        && offer.signature == null
        && files.values().stream()
            .filter(file -> offer.fileName == null || file.name().equals(offer.fileName))
            .anyMatch(file -> file.verified() == null);
  }

  /** Whether it was told; not when it must be told again. */
  private boolean tell(String about, Runnable call) {
    if (isClosed()) {
      return false;
    }
    try {
      call.run();
      return true;
    } catch (OperationInProgress busy) {
      LOG.debug("Plugins folder '{}': {}", folder, busy.getMessage());
      return false;
    } catch (RuntimeException unforeseen) {
      LOG.warn("Plugins folder '{}': '{}': {}", folder, about, Failure.text(unforeseen));
      return true;
    }
  }

  /**
   * Nothing is told after it. Waits for a look under way, so that whoever calls it must not hold a
   * lock that the listener takes.
   */
  @Override
  public void close() {
    closed.countDown();
    looking.lock();
    try {
      LOG.debug("Plugins folder '{}' is looked at no more", folder);
    } finally {
      looking.unlock();
    }
  }

  private boolean isClosed() {
    return closed.getCount() == 0;
  }
}
