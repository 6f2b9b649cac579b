package io.dormouse.host;

import io.micronaut.context.annotation.ConfigurationProperties;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * TLS of the public listener: either a PEM certificate with its key, or a PKCS12 keystore; none of
 * them for plain HTTP.
 *
 * @param certificate PEM file: the certificate, then its chain
 * @param key PEM file: the private key in PKCS8
 * @param keystore PKCS12 file with one private key and its chain
 * @param password of the keystore, or of an encrypted PEM key
 */
@ConfigurationProperties("dormouse.server.tls")
record TlsSettings(
    @Nullable Path certificate,
    @Nullable Path key,
    @Nullable Path keystore,
    @Nullable String password) {

  boolean enabled() {
    return certificate != null || keystore != null;
  }

  List<String> problems() {
    List<String> problems = new ArrayList<>();
    readable(problems, "certificate", certificate);
    readable(problems, "key", key);
    readable(problems, "keystore", keystore);
    if ((certificate == null) != (key == null)) {
      problems.add(
          "dormouse.server.tls.certificate and dormouse.server.tls.key go together; only one is set");
    }
    if (keystore != null && certificate != null) {
      problems.add(
          "dormouse.server.tls.keystore replaces dormouse.server.tls.certificate and key; set one of"
              + " the two");
    }
    if (keystore != null && password == null) {
      problems.add("dormouse.server.tls.keystore needs dormouse.server.tls.password");
    }
    return problems;
  }

  /** Without the password. */
  @Override
  public String toString() {
    return "TlsSettings[certificate=%s, key=%s, keystore=%s]".formatted(certificate, key, keystore);
  }

  private static void readable(List<String> problems, String key, @Nullable Path file) {
    if (file != null && !Files.isReadable(file)) {
      problems.add("dormouse.server.tls." + key + " '" + file + "' is not a file that can be read");
    }
  }
}
