package io.dormouse.host;

import io.helidon.common.configurable.Resource;
import io.helidon.common.pki.Keys;
import io.helidon.common.tls.Tls;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads the files that {@link TlsSettings} names. */
final class TlsFiles {
  private TlsFiles() {}

  /**
   * @return null when TLS is off
   * @throws CannotStart when a file cannot be used
   */
  static @Nullable Tls read(TlsSettings settings) {
    if (settings.keystore() != null) {
      return keystore(settings.keystore(), settings.password());
    }
    if (settings.certificate() != null && settings.key() != null) {
      return pem(settings.certificate(), settings.key(), settings.password());
    }
    return null;
  }

  private static Tls keystore(Path file, @Nullable String password) {
    char[] secret = password == null ? new char[0] : password.toCharArray();
    try {
      KeyStore store = KeyStore.getInstance(file.toFile(), secret);
      for (String alias : Collections.list(store.aliases())) {
        if (store.getKey(alias, secret) instanceof PrivateKey key) {
          List<X509Certificate> chain =
              Arrays.stream(store.getCertificateChain(alias))
                  .map(X509Certificate.class::cast)
                  .toList();
          return Tls.builder().privateKey(key).privateKeyCertChain(chain).build();
        }
      }
      throw new CannotStart(
          HostErrorCode.TLS_INVALID, "TLS keystore '" + file + "' has no private key.");
    } catch (IOException | GeneralSecurityException e) {
      throw new CannotStart(
          HostErrorCode.TLS_INVALID,
          "TLS keystore '%s' cannot be read (%s); check the file and dormouse.server.tls.password."
              .formatted(file, e.getMessage()));
    }
  }

  private static Tls pem(Path certificate, Path key, @Nullable String password) {
    Consumer<Keys.Builder> keys =
        builder ->
            builder.pem(
                pem -> {
                  pem.certChain(Resource.create(certificate)).key(Resource.create(key));
                  if (password != null) {
                    pem.keyPassphrase(password);
                  }
                });
    try {
      return Tls.builder().privateKey(keys).privateKeyCertChain(keys).build();
    } catch (RuntimeException e) {
      throw new CannotStart(
          HostErrorCode.TLS_INVALID,
          "TLS certificate '%s' and key '%s' cannot be used (%s); both must be PEM, the key PKCS8."
              .formatted(certificate, key, e.getMessage()));
    }
  }
}
