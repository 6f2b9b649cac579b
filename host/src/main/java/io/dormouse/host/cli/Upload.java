package io.dormouse.host.cli;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;

/** A JAR on its way to a host. */
record Upload(LocalJar jar, Progress progress) implements AdminClient.Body {
  @Override
  public long length() {
    return jar.bytes();
  }

  @Override
  public String contentType() {
    return "application/java-archive";
  }

  @Override
  public String digest() {
    return jar.contentDigest();
  }

  @Override
  public void writeTo(OutputStream stream) throws IOException {
    try (InputStream file = Files.newInputStream(jar.file())) {
      byte[] buffer = new byte[65_536];
      for (long sent = 0; sent < length(); ) {
        int count = file.read(buffer, 0, (int) Math.min(buffer.length, length() - sent));
        if (count < 0) {
          throw new EOFException("'" + jar.file() + "' has become shorter");
        }
        stream.write(buffer, 0, count);
        sent += count;
        progress.sent(sent, length());
      }
    }
    progress.waits();
  }
}
