package io.dormouse.host.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import javax.tools.DiagnosticCollector;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.JavaFileObject.Kind;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Builds plugin JARs inside a test: same sources, same bytes. */
public final class PluginJars {
  private static final LocalDateTime TIME = LocalDateTime.of(2000, 1, 1, 0, 0);

  private PluginJars() {}

  /**
   * Compiles against the test's class path, in memory.
   *
   * @param sources by class name
   * @return class files by entry name, those of inner classes among them
   */
  public static SortedMap<String, byte[]> compile(Map<String, String> sources) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    var problems = new DiagnosticCollector<JavaFileObject>();
    var output = new MemoryOutput(compiler.getStandardFileManager(problems, Locale.ROOT, UTF_8));
    List<Source> units =
        sources.entrySet().stream().map(e -> new Source(e.getKey(), e.getValue())).toList();
    List<String> options =
        List.of("-parameters", "-proc:none", "-cp", System.getProperty("java.class.path"));
    if (!compiler.getTask(null, output, problems, options, null, units).call()) {
      throw new AssertionError(problems.getDiagnostics());
    }
    SortedMap<String, byte[]> classes = new TreeMap<>();
    output.classes.forEach((name, bytes) -> classes.put(name, bytes.toByteArray()));
    return classes;
  }

  /** Writes a plugin's JAR with the usual manifest. */
  public static Path plugin(
      Path file, String id, String version, String pluginClass, Map<String, byte[]> entries) {
    return jar(
        file,
        Map.of("Plugin-Id", id, "Plugin-Version", version, "Plugin-Class", pluginClass),
        entries);
  }

  /**
   * Writes a JAR.
   *
   * @param attributes of its manifest; none for a JAR without one
   * @param entries content by name
   */
  public static Path jar(Path file, Map<String, String> attributes, Map<String, byte[]> entries) {
    try (var out = new JarOutputStream(Files.newOutputStream(file))) {
      if (!attributes.isEmpty()) {
        var manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.forEach(manifest.getMainAttributes()::putValue);
        var bytes = new ByteArrayOutputStream();
        manifest.write(bytes);
        add(out, JarFile.MANIFEST_NAME, bytes.toByteArray());
      }
      for (Map.Entry<String, byte[]> entry : new TreeMap<>(entries).entrySet()) {
        add(out, entry.getKey(), entry.getValue());
      }
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void add(JarOutputStream out, String name, byte[] content) throws IOException {
    var entry = new JarEntry(name);
    entry.setTimeLocal(TIME);
    out.putNextEntry(entry);
    out.write(content);
    out.closeEntry();
  }

  private static URI uri(String className, Kind kind) {
    return URI.create("mem:///" + className.replace('.', '/') + kind.extension);
  }

  private static final class Source extends SimpleJavaFileObject {
    private final String text;

    Source(String className, String text) {
      super(uri(className, Kind.SOURCE), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }

  private static final class MemoryOutput
      extends ForwardingJavaFileManager<StandardJavaFileManager> {
    final SortedMap<String, ByteArrayOutputStream> classes = new TreeMap<>();

    MemoryOutput(StandardJavaFileManager files) {
      super(files);
    }

    @Override
    public JavaFileObject getJavaFileForOutput(
        Location location, String className, Kind kind, FileObject sibling) {
      var bytes = new ByteArrayOutputStream();
      classes.put(className.replace('.', '/') + kind.extension, bytes);
      return new SimpleJavaFileObject(uri(className, kind), kind) {
        @Override
        public OutputStream openOutputStream() {
          return bytes;
        }
      };
    }
  }
}
