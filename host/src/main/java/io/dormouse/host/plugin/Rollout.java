package io.dormouse.host.plugin;

import io.dormouse.host.plugin.InstallationStore.Installed;
import io.dormouse.host.plugin.SharedInstallations.Wanted;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps this host's plugins and those that all hosts want alike: what was changed here is put
 * there, what was changed there is done here, and a Redis that has lost it gets it back.
 *
 * <p>Looks when it is told to and every few seconds. Each plugin is changed on a thread of its own.
 * A change that this host refuses is not tried again; one that it cannot make yet is.
 *
 * <p>What is changed here while Redis is away is put when it is back, also after a restart, unless
 * another host has changed the same plugin there meanwhile.
 */
final class Rollout {
  private static final Logger LOG = LoggerFactory.getLogger(Rollout.class);
  private static final Duration LOOK = Duration.ofSeconds(5);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** This host's plugins. */
  interface Local {
    /** A copy of a JAR that is there; null when there is none. */
    @Nullable VerifiedJar find(String digest, @Nullable String name);

    /**
     * Copies and verifies a JAR.
     *
     * @throws PluginRefused when it is too large, no plugin, or cannot be copied
     */
    VerifiedJar stage(InputStream jar, String name);

    /** All that is installed here. */
    List<Installed> installed();

    /**
     * Does what is wanted.
     *
     * @param jar null when it is removed
     * @throws PluginRefused when this host cannot
     * @throws OperationInProgress when something else is being done
     */
    void apply(Wanted wanted, @Nullable VerifiedJar jar, @Nullable VerifiedJar former);

    /** This host cannot do what is wanted; said in the plugin's status. */
    void cannot(Wanted wanted, String reason);

    /** Writes down what is installed, and what of it the other hosts do not know. */
    void save();
  }

  private final SharedInstallations shared;
  private final Local local;
  private final Semaphore toldToLook = new Semaphore(0);

  // All with this object's lock, under which nobody waits for a plugin.

  /** What was seen and done, or refused. */
  private final Map<String, Wanted> known = new HashMap<>();

  /** What was changed here and is not put yet: the revision that was seen before. Without lock. */
  private final Map<String, Long> changed = new ConcurrentHashMap<>();

  private final Set<String> applying = new HashSet<>();
  private final Map<String, String> said = new HashMap<>();
  private @Nullable Thread thread;
  private boolean stopped;

  Rollout(SharedInstallations shared, Local local) {
    this.shared = shared;
    this.local = local;
    shared.onChange(toldToLook::release);
  }

  // At the start of this host.

  /**
   * What to begin with: what all hosts want, and what this host remembers where they know nothing.
   * Returns only what it remembers when Redis is away.
   */
  synchronized List<Installed> begin(List<Installed> remembered) {
    Map<String, Installed> all = new LinkedHashMap<>();
    for (Installed one : remembered) {
      all.put(one.id(), one);
      if (one.ahead() != null) {
        changed.put(one.id(), one.ahead());
      }
    }
    try {
      for (Wanted wanted : shared.all()) {
        Installed own = all.get(wanted.id());
        if (changed.containsKey(wanted.id()) && !isOvertaken(wanted.id(), wanted)) {
          continue;
        }
        if (wanted.removed() || fetched(wanted)) {
          all.put(wanted.id(), installed(wanted, own));
          known.put(wanted.id(), wanted);
        }
      }
    } catch (IllegalStateException away) {
      LOG.warn(
          "The plugins of all hosts are not known yet ({}); this host starts with its own",
          away.getMessage());
    }
    return List.copyOf(all.values());
  }

  /** Whether another host has put a change of a plugin before this host could put its own. */
  private boolean isOvertaken(String id, @Nullable Wanted there) {
    Long seen = changed.get(id);
    return seen != null && there != null && there.revision() > seen;
  }

  /** What the other hosts do not know, by {@link Installed#ahead}; null when they do. */
  @Nullable Long ahead(String pluginId) {
    return changed.get(pluginId);
  }

  private boolean fetched(Wanted wanted) {
    try {
      if (wanted.formerDigest() != null) {
        VerifiedJar _ = fetch(wanted, wanted.formerDigest());
      }
      return wanted.digest() != null && fetch(wanted, wanted.digest()) != null;
    } catch (PluginRefused refused) {
      LOG.atWarn().addKeyValue("plugin", wanted.id()).log(refused.getMessage());
      return false;
    }
  }

  /**
   * As this host remembers what is wanted.
   *
   * @param own what it remembered before; null for nothing
   */
  static Installed installed(Wanted wanted, @Nullable Installed own) {
    return new Installed(
        wanted.id(),
        wanted.digest(),
        wanted.version(),
        wanted.jar(),
        wanted.formerDigest(),
        wanted.origin(),
        wanted.enabled(),
        wanted.removed(),
        own == null ? null : own.folderDigest(),
        own == null ? Map.of() : own.quarantined(),
        Instant.now(),
        null);
  }

  /** Whether all hosts have, or had, a plugin of this id, as far as this host knows. */
  synchronized boolean knows(String pluginId) {
    return known.containsKey(pluginId);
  }

  // While it runs.

  synchronized void start() {
    thread =
        Thread.ofVirtual().name("rollout").inheritInheritableThreadLocals(false).start(this::live);
  }

  /** Begins nothing any more, and waits a while for what it has begun. */
  synchronized void stop() {
    stopped = true;
    if (thread != null) {
      thread.interrupt();
      thread = null;
    }
    long limit = System.nanoTime() + PATIENCE.toNanos();
    try {
      while (!applying.isEmpty() && System.nanoTime() - limit < 0) {
        TimeUnit.NANOSECONDS.timedWait(this, Math.max(1, limit - System.nanoTime()));
      }
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
    }
  }

  private void live() {
    try {
      while (true) {
        try {
          look();
        } catch (RuntimeException unforeseen) {
          LOG.warn("The plugins of all hosts were not looked at: {}", Failure.text(unforeseen));
        }
        boolean _ = toldToLook.tryAcquire(LOOK.toNanos(), TimeUnit.NANOSECONDS);
        int _ = toldToLook.drainPermits();
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  /** Somebody has changed a plugin here. Puts it at once if that is possible, else later. */
  synchronized void changed(String pluginId) {
    Wanted seen = known.get(pluginId);
    changed.putIfAbsent(pluginId, seen == null ? 0 : seen.revision());
    try {
      publish(pluginId, local.installed());
    } catch (IllegalStateException away) {
      LOG.atWarn()
          .addKeyValue("plugin", pluginId)
          .log(
              "Plugin '{}' was changed on this host alone ({}); the others follow when Redis is"
                  + " there again",
              pluginId,
              away.getMessage());
      local.save();
    }
  }

  private void publish(String pluginId, List<Installed> installed) {
    Wanted before = known.get(pluginId);
    Wanted now = wanted(pluginId, installed);
    if (before == null || !before.isSameAs(now)) {
      putJars(now);
      long seen = before == null ? 0 : before.revision();
      long revision = shared.put(now, Math.max(seen, changed.getOrDefault(pluginId, 0L)));
      known.put(pluginId, now.at(revision));
      dropFormer(before, now);
    }
    changed.remove(pluginId);
  }

  private static Wanted wanted(String pluginId, List<Installed> installed) {
    for (Installed one : installed) {
      if (one.id().equals(pluginId) && !one.removed() && one.digest() != null) {
        return wanted(one);
      }
    }
    return new Wanted(pluginId, 0, null, null, null, null, PluginOrigin.UPLOAD, false, true);
  }

  private static Wanted wanted(Installed one) {
    return new Wanted(
        one.id(),
        0,
        one.digest(),
        one.version(),
        one.jar(),
        one.formerDigest(),
        one.origin(),
        one.enabled(),
        false);
  }

  private void putJars(Wanted wanted) {
    putJar(wanted.digest());
    putJar(wanted.formerDigest());
  }

  private void putJar(@Nullable String digest) {
    VerifiedJar jar = digest == null ? null : local.find(digest, null);
    if (jar != null) {
      Path file = jar.staged().file();
      shared.putJar(jar.digest(), file);
    }
  }

  private void dropFormer(@Nullable Wanted before, Wanted now) {
    if (before == null) {
      return;
    }
    for (String digest : List.of(text(before.digest()), text(before.formerDigest()))) {
      if (!digest.isEmpty() && !digest.equals(now.digest()) && !digest.equals(now.formerDigest())) {
        shared.dropJar(digest, false);
      }
    }
  }

  private static String text(@Nullable String text) {
    return text == null ? "" : text;
  }

  /** Puts what is to be put, then does what is to be done. */
  private void look() {
    List<Wanted> toDo = new ArrayList<>();
    synchronized (this) {
      if (stopped) {
        return;
      }
      try {
        List<Installed> installed = local.installed();
        Map<String, Wanted> there = new HashMap<>();
        shared.all().forEach(one -> there.put(one.id(), one));
        putLate(installed, there);
        refill(there);
        putFirst(installed, there);
        there.values().stream().filter(this::isNews).forEach(toDo::add);
        toDo.forEach(one -> applying.add(one.id()));
      } catch (IllegalStateException away) {
        LOG.debug("The plugins of all hosts cannot be read: {}", away.getMessage());
        return;
      }
    }
    toDo.forEach(
        one ->
            Thread.ofVirtual()
                .name("rollout " + one.id())
                .inheritInheritableThreadLocals(false)
                .start(() -> apply(one)));
  }

  /** Puts what was changed here while Redis was away. */
  private void putLate(List<Installed> installed, Map<String, Wanted> there) {
    if (changed.isEmpty()) {
      return;
    }
    for (String id : Set.copyOf(changed.keySet())) {
      Wanted other = there.get(id);
      if (other == null || !isOvertaken(id, other)) {
        publish(id, installed);
        Wanted now = known.get(id);
        if (now != null) {
          there.put(id, now);
        }
        continue;
      }
      changed.remove(id);
      if (other.isSameAs(wanted(id, installed))) {
        known.put(id, other);
      } else {
        LOG.atWarn()
            .addKeyValue("plugin", id)
            .log(
                "Plugin '{}' was changed on this host while Redis was away, and on another one"
                    + " meanwhile: this host follows that one",
                id);
      }
    }
    local.save();
  }

  private boolean isNews(Wanted there) {
    Wanted here = known.get(there.id());
    boolean isLater = here == null || here.revision() < there.revision();
    // A Redis that has lost the last change counts anew.
    boolean isOther = here != null && here.revision() == there.revision() && !here.isSameAs(there);
    return (isLater || isOther) && !applying.contains(there.id());
  }

  private void refill(Map<String, Wanted> there) {
    for (Wanted here : known.values()) {
      Wanted seen = there.get(here.id());
      if (seen == null || seen.revision() < here.revision()) {
        putJars(here);
        shared.restore(here);
        there.put(here.id(), here);
      } else if (seen.revision() == here.revision()) {
        putJars(here);
      }
    }
  }

  /** What this host has from its folder, or from before it was joined with others. */
  private void putFirst(List<Installed> installed, Map<String, Wanted> there) {
    for (Installed one : installed) {
      if (!one.removed() && one.digest() != null && !there.containsKey(one.id())) {
        Wanted first = wanted(one);
        putJars(first);
        long revision = shared.putFirst(first);
        if (revision > 0) {
          known.put(
              one.id(), first.at(revision)); // else another one was quicker: that is news soon
        }
      }
    }
  }

  private void apply(Wanted wanted) {
    String id = wanted.id();
    boolean done = false;
    try {
      done = tried(wanted);
    } catch (OperationInProgress | UnknownPlugin busy) {
      LOG.debug("Plugin '{}': {}", id, busy.getMessage());
    } catch (PluginRefused refused) {
      done = refused.code() != PluginErrorCode.PLUGIN_STAGING_FAILED;
      cannot(wanted, refused.getMessage(), !done);
    } catch (RuntimeException | LinkageError unforeseen) {
      cannot(wanted, Failure.text(unforeseen), true);
    } finally {
      ended(wanted, done);
    }
  }

  /** False when it is to be tried again. */
  private boolean tried(Wanted wanted) {
    VerifiedJar jar = null;
    VerifiedJar former = null;
    if (!wanted.removed()) {
      jar = fetch(wanted, text(wanted.digest()));
      if (jar == null) {
        cannot(wanted, "its JAR has not arrived in Redis", true);
        return false;
      }
      former = wanted.formerDigest() == null ? null : fetch(wanted, wanted.formerDigest());
    }
    local.apply(wanted, jar, former);
    return true;
  }

  private synchronized void ended(Wanted wanted, boolean done) {
    applying.remove(wanted.id());
    notifyAll();
    Wanted last = known.get(wanted.id());
    if (last != null && last.revision() > wanted.revision()) {
      known.remove(wanted.id()); // changed meanwhile: that is to be done once more
      toldToLook.release();
    } else if (done) {
      known.put(wanted.id(), wanted);
      said.remove(wanted.id());
    }
  }

  private void cannot(Wanted wanted, String reason, boolean yet) {
    String id = wanted.id();
    String text =
        "Plugin '%s' is not what all hosts want on this one%s: %s"
            .formatted(id, yet ? " yet" : "", reason);
    synchronized (this) {
      if (text.equals(said.put(id, text))) {
        return;
      }
    }
    LOG.atWarn().addKeyValue("plugin", id).log(text);
    local.cannot(wanted, text);
  }

  /** The copy of a JAR, from Redis when there is none here; null when it is not there either. */
  private @Nullable VerifiedJar fetch(Wanted wanted, String digest) {
    String name = wanted.jar() == null ? wanted.id() + ".jar" : wanted.jar();
    VerifiedJar here = local.find(digest, name);
    if (here != null) {
      return here;
    }
    try (InputStream in = shared.jar(digest)) {
      if (in == null) {
        return null;
      }
      VerifiedJar jar = local.stage(in, name);
      if (jar.digest().equals(digest) && jar.id().equals(wanted.id())) {
        return jar;
      }
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    } catch (PluginRefused refused) {
      if (refused.code() != PluginErrorCode.PLUGIN_BAD_JAR) {
        throw refused;
      }
    }
    // Not what its name says: a host that has it puts it again.
    shared.dropJar(digest, true);
    return null;
  }
}
