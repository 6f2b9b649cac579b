package io.dormouse.host.plugin;

import java.io.IOException;
import java.io.InputStream;

/**
 * A file of a plugin for browsers. It has no date: builds give all entries of a JAR the same, and a
 * browser that asks by date would keep what is old. The tag changes with the JAR.
 *
 * @param contentType by the ending of its name, with the charset for text
 * @param length in bytes
 * @param etag with its quotes
 * @param source opens it
 */
public record WebFile(String contentType, long length, String etag, Source source) {
  /** Opens a file's content; the caller closes it. */
  @FunctionalInterface
  public interface Source {
    /**
     * Opens the content.
     *
     * @throws IOException also when the plugin has gone away meanwhile
     */
    InputStream open() throws IOException;
  }
}
