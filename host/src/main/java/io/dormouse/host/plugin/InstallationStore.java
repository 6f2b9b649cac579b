package io.dormouse.host.plugin;

import static io.dormouse.host.plugin.PluginErrorCode.PLUGIN_STAGING_FAILED;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.deser.std.FromStringDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file {@code installations.json} of a state folder: what is installed, for the next start. A
 * crash leaves either the former content or the new one. One thread at a time.
 */
final class InstallationStore {
  private static final Logger LOG = LoggerFactory.getLogger(InstallationStore.class);
  private static final int FORMAT = 1;

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .addModule(
              new SimpleModule()
                  .addSerializer(Instant.class, ToStringSerializer.instance)
                  .addDeserializer(Instant.class, new InstantReader()))
          .build();

  private final Path folder;
  private final Path file;

  InstallationStore(StateFolder folder) {
    this.folder = folder.path();
    file = folder.installations();
  }

  /**
   * What a plugin id stands for.
   *
   * @param digest of the JAR that is wanted; null for none
   * @param jar its file name, for people only
   * @param formerDigest of the JAR that a rollback activates; null for none
   * @param removed whether it was taken away by hand, so that the folder's JAR must not bring it
   *     back until it changes
   * @param folderDigest of the folder's JAR as it was offered last; null when it offered none
   * @param quarantined reasons by the digests that are not tried again
   * @param ahead what it stands for was changed here while the other hosts could not be told: the
   *     place among all changes of the one that it follows, 0 for none; null when they know
   */
  record Installed(
      String id,
      @Nullable String digest,
      @Nullable String version,
      @Nullable String jar,
      @Nullable String formerDigest,
      PluginOrigin origin,
      boolean enabled,
      boolean removed,
      @Nullable String folderDigest,
      Map<String, String> quarantined,
      Instant changed,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long ahead) {
    Installed {
      Objects.requireNonNull(id, "id");
      Objects.requireNonNull(origin, "origin");
      Objects.requireNonNull(changed, "changed");
      quarantined = quarantined == null ? Map.of() : Map.copyOf(quarantined);
    }

    /** The folder has this JAR, and had it before. */
    Installed offered(String folderJar) {
      return with(folderJar, ahead);
    }

    /** The other hosts do not know yet. */
    Installed aheadOf(long place) {
      return with(folderDigest, place);
    }

    private Installed with(@Nullable String folderJar, @Nullable Long aheadOf) {
      return new Installed(
          id,
          digest,
          version,
          jar,
          formerDigest,
          origin,
          enabled,
          removed,
          folderJar,
          quarantined,
          changed,
          aheadOf);
    }

    Installed asRemoved() {
      return new Installed(
          id,
          null,
          null,
          null,
          null,
          origin,
          false,
          true,
          folderDigest,
          Map.of(),
          Instant.now(),
          null);
    }
  }

  private record Content(int format, List<Installed> installations) {
    Content {
      Objects.requireNonNull(installations, "installations");
      Set<String> ids = new HashSet<>();
      for (Installed installed : installations) {
        if (!ids.add(installed.id)) {
          throw new IllegalArgumentException("'" + installed.id + "' is there twice");
        }
      }
    }
  }

  /** The part of every format. */
  private record Header(int format) {}

  /**
   * What was written last; empty when nothing was. A file that cannot be understood is put aside
   * and counts as none.
   *
   * @throws StateFolderUnusable when the file cannot be read at all
   */
  List<Installed> read() {
    byte[] json;
    try {
      json = Files.readAllBytes(file);
    } catch (NoSuchFileException first) {
      return List.of();
    } catch (IOException unreadable) {
      throw new StateFolderUnusable(
          folder,
          "%s cannot be read (%s); check who may read it"
              .formatted(file.getFileName(), StateFolder.reason(unreadable)));
    }
    try {
      int format = Objects.requireNonNull(JSON.readValue(json, Header.class), "null").format;
      if (format > FORMAT) {
        putAside("newer", "it is of format " + format + ", this version knows " + FORMAT);
        return List.of();
      }
      return JSON.readValue(json, Content.class).installations;
    } catch (IOException | RuntimeException damaged) {
      putAside("damaged", "it is damaged (" + said(damaged) + ")");
      return List.of();
    }
  }

  /** Without the excerpt of the file that Jackson adds. */
  private static String said(Exception damaged) {
    return Failure.oneLine(
        damaged instanceof JsonProcessingException json
            ? json.getOriginalMessage()
            : damaged.getMessage());
  }

  private void putAside(String why, String reason) {
    Path aside = file.resolveSibling("installations." + why + ".json");
    String kept = "its content is kept in " + aside.getFileName();
    try {
      Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException stays) {
      kept = "it will be overwritten";
    }
    LOG.warn(
        "{} is not used: {}; {}. The host starts with the plugins folder alone: what was uploaded,"
            + " rolled back, disabled or removed by hand is forgotten",
        file,
        reason,
        kept);
  }

  /**
   * Returns when it is on the disk.
   *
   * @throws PluginRefused when it cannot be; then the former content stays
   */
  void write(Collection<Installed> installations) {
    Path part = file.resolveSibling("installations.part");
    try {
      byte[] json = JSON.writeValueAsBytes(new Content(FORMAT, sorted(installations)));
      try (FileOutputStream out = new FileOutputStream(part.toFile())) {
        out.write(json);
        out.getFD().sync();
      }
      StateFolder.publish(part, file);
    } catch (IOException failed) {
      delete(part);
      throw new PluginRefused(
          PLUGIN_STAGING_FAILED,
          "What is installed cannot be written to %s (%s); check the space there and who may write"
              .formatted(file, StateFolder.reason(failed)));
    }
  }

  private static void delete(Path part) {
    try {
      Files.deleteIfExists(part);
    } catch (IOException stays) {
      // Only space is lost, until the next time.
    }
  }

  private static List<Installed> sorted(Collection<Installed> installations) {
    return installations.stream().sorted(Comparator.comparing(Installed::id)).toList();
  }

  private static final class InstantReader extends FromStringDeserializer<Instant> {
    private static final long serialVersionUID = 1;

    InstantReader() {
      super(Instant.class);
    }

    @Override
    protected Instant _deserialize(String text, DeserializationContext context) {
      return Instant.parse(text);
    }
  }
}
