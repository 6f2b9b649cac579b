package io.dormouse.host;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsFilesTest {
  private static final String PASSWORD = "changeit";

  @TempDir private static Path folder;

  private static Path keystore;
  private static Path certificate;
  private static Path key;
  private static KeyStore store;

  @BeforeAll
  static void makeFiles() throws Exception {
    keystore = folder.resolve("store.p12");
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
            "-genkeypair",
            "-alias",
            "any",
            "-keyalg",
            "EC",
            "-dname",
            "CN=localhost",
            "-ext",
            "san=dns:localhost",
            "-storetype",
            "PKCS12",
            "-keystore",
            keystore.toString(),
            "-storepass",
            PASSWORD);
    assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    store = KeyStore.getInstance(keystore.toFile(), PASSWORD.toCharArray());
    certificate = pem("CERTIFICATE", store.getCertificate("any").getEncoded());
    key = pem("PRIVATE KEY", store.getKey("any", PASSWORD.toCharArray()).getEncoded());
  }

  private static Path pem(String type, byte[] content) throws IOException {
    return Files.writeString(
        folder.resolve(type + ".pem"),
        "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n"
            .formatted(type, Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content)));
  }

  @Test
  void servesWithAKeystore() throws Exception {
    assertThat(answer(new TlsSettings(null, null, keystore, PASSWORD))).isEqualTo("secure true");
  }

  @Test
  void servesWithPemFiles() throws Exception {
    assertThat(answer(new TlsSettings(certificate, key, null, null))).isEqualTo("secure true");
  }

  @Test
  void closesAHandshakeThatNeverComes() throws Exception {
    Listeners listeners =
        listeners(new TlsSettings(certificate, key, null, null), Duration.ofMillis(300));
    listeners.start();
    try (RawClient silent = new RawClient(listeners.port());
        RawClient half = new RawClient(listeners.port()).send("\u0016\u0003\u0001\u0002");
        Socket polite = trusting().getSocketFactory().createSocket("localhost", listeners.port())) {
      ((SSLSocket) polite).startHandshake();
      silent.readToEnd();
      half.readToEnd();
      polite.getOutputStream().write("GET / HTTP/1.1\r\nHost: h\r\n\r\n".getBytes(US_ASCII));
      assertThat(polite.getInputStream().readNBytes(12))
          .asString(US_ASCII)
          .isEqualTo("HTTP/1.1 200");
    } finally {
      listeners.stop();
    }
  }

  private static String answer(TlsSettings settings) throws Exception {
    assertThat(settings.problems()).isEmpty();
    Listeners listeners = listeners(settings, Duration.ofSeconds(10));
    listeners.check();
    listeners.start();
    try (HttpClient http = HttpClient.newBuilder().sslContext(trusting()).build()) {
      URI uri = URI.create("https://localhost:" + listeners.port() + "/");
      return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
    } finally {
      listeners.stop();
    }
  }

  private static Listeners listeners(TlsSettings settings, Duration requestTimeout) {
    return new Listeners(
        new ServerSettings(0, "127.0.0.1", List.of(), requestTimeout, Duration.ofSeconds(30)),
        settings,
        new Listeners.Public(
            routing ->
                routing.get(
                    "/", (request, response) -> response.send("secure " + request.isSecure())),
            Map.of(),
            UnaryOperator.identity(),
            1000),
        NoAdmin.SIDE);
  }

  private static SSLContext trusting() throws Exception {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    Certificate own = store.getCertificate("any");
    trusted.setCertificateEntry("host", own);
    TrustManagerFactory managers =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    managers.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, managers.getTrustManagers(), null);
    return context;
  }

  @Test
  void isOffWhenNothingIsSet() {
    TlsSettings none = new TlsSettings(null, null, null, null);
    assertThat(none.enabled()).isFalse();
    assertThat(none.problems()).isEmpty();
    assertThat(TlsFiles.read(none)).isNull();
  }

  @Test
  void saysWhatIsWrongWithAKeystore() throws IOException {
    TlsSettings wrong = new TlsSettings(null, null, keystore, "wrong");
    assertThatThrownBy(listeners(wrong, Duration.ofSeconds(10))::check)
        .isInstanceOf(CannotStart.class)
        .hasMessageStartingWith("TLS keystore '" + keystore + "' cannot be read (")
        .hasMessageEndingWith("check the file and dormouse.server.tls.password. [TLS_INVALID]")
        .hasMessageNotContaining("wrong");
    Path text = Files.writeString(folder.resolve("text.p12"), "no keystore");
    assertThatThrownBy(() -> TlsFiles.read(new TlsSettings(null, null, text, PASSWORD)))
        .isInstanceOf(CannotStart.class);
  }

  @Test
  void saysWhatIsWrongWithPemFiles() {
    assertThatThrownBy(() -> TlsFiles.read(new TlsSettings(key, certificate, null, null)))
        .isInstanceOf(CannotStart.class)
        .hasMessageStartingWith(
            "TLS certificate '" + key + "' and key '" + certificate + "' cannot be used (")
        .hasMessageEndingWith("both must be PEM, the key PKCS8. [TLS_INVALID]");
  }

  @Test
  void namesSettingsThatDoNotGoTogether() {
    assertThat(new TlsSettings(certificate, null, null, null).problems())
        .containsExactly(
            "dormouse.server.tls.certificate and dormouse.server.tls.key go together; only one is"
                + " set");
    assertThat(new TlsSettings(certificate, key, keystore, PASSWORD).problems())
        .containsExactly(
            "dormouse.server.tls.keystore replaces dormouse.server.tls.certificate and key; set"
                + " one of the two");
    assertThat(new TlsSettings(null, null, keystore, null).problems())
        .containsExactly("dormouse.server.tls.keystore needs dormouse.server.tls.password");
    Path missing = folder.resolve("missing.p12");
    assertThat(new TlsSettings(null, null, missing, "x").problems())
        .containsExactly(
            "dormouse.server.tls.keystore '" + missing + "' is not a file that can be read");
  }

  @Test
  void neverShowsItsPassword() {
    assertThat(new TlsSettings(null, null, keystore, "hunter2").toString())
        .doesNotContain("hunter2");
  }
}
