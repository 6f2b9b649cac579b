import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/**
 * Makes JARs of the load test's plugin that differ in id, version, namespace and in the letter that
 * they answer: the manifest is changed, and the class Variant compiled anew.
 *
 * <p>Usage: java Variants.java BASE_JAR (OUT_JAR ID VERSION NAMESPACE LETTER)…
 */
final class Variants {
  private static final String CLASS = "io.dormouse.samples.loadtest.Variant";
  private static final String ENTRY = CLASS.replace('.', '/') + ".class";

  public static void main(String[] args) throws IOException {
    if (args.length < 6 || args.length % 5 != 1) {
      System.err.println("usage: java Variants.java BASE_JAR (OUT_JAR ID VERSION NAMESPACE LETTER)...");
      System.exit(2);
    }
    for (int i = 1; i < args.length; i += 5) {
      write(Path.of(args[0]), Arrays.asList(args).subList(i, i + 5));
    }
  }

  private static void write(Path base, List<String> variant) throws IOException {
    try (JarFile from = new JarFile(base.toFile())) {
      Manifest manifest = new Manifest(from.getManifest());
      Attributes main = manifest.getMainAttributes();
      main.putValue("Plugin-Id", variant.get(1));
      main.putValue("Plugin-Version", variant.get(2));
      try (JarOutputStream to = new JarOutputStream(Files.newOutputStream(Path.of(variant.get(0))), manifest)) {
        for (var entry : (Iterable<java.util.jar.JarEntry>) from.stream()::iterator) {
          if (entry.isDirectory() || entry.getName().equals(JarFile.MANIFEST_NAME)) {
            continue;
          }
          to.putNextEntry(new ZipEntry(entry.getName()));
          if (entry.getName().equals(ENTRY)) {
            to.write(compiled(variant.get(3), variant.get(4)));
          } else {
            try (InputStream content = from.getInputStream(entry)) {
              content.transferTo(to);
            }
          }
          to.closeEntry();
        }
      }
    }
  }

  private static byte[] compiled(String namespace, String letter) {
    String source =
        """
        package io.dormouse.samples.loadtest;
        final class Variant {
          static String namespace() { return "%s"; }
          static String letter() { return "%s"; }
        }
        """
            .formatted(namespace, letter);
    var bytes = new ByteArrayOutputStream();
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    var files =
        new ForwardingJavaFileManager<JavaFileManager>(compiler.getStandardFileManager(null, null, null)) {
          @Override
          public JavaFileObject getJavaFileForOutput(
              Location location, String name, JavaFileObject.Kind kind, FileObject sibling) {
            return new SimpleJavaFileObject(URI.create("memory:///" + name), kind) {
              @Override
              public OutputStream openOutputStream() {
                return bytes;
              }
            };
          }
        };
    var unit =
        new SimpleJavaFileObject(URI.create("memory:///Variant.java"), JavaFileObject.Kind.SOURCE) {
          @Override
          public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return source;
          }
        };
    if (!compiler.getTask(null, files, null, List.of("-proc:none"), null, List.of(unit)).call()) {
      throw new IllegalArgumentException("'" + namespace + "' or '" + letter + "' cannot be in a Java string.");
    }
    return bytes.toByteArray();
  }
}
