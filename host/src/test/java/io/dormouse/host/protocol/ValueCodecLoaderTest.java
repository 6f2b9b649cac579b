package io.dormouse.host.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.dormouse.host.testing.PluginJars;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class ValueCodecLoaderTest {
  private static final Map<String, byte[]> CLASSES =
      PluginJars.compile(
          Map.of(
              "plugin.Message",
              """
              package plugin;

              record Message(String text, java.util.List<Message> answers) {}
              """));

  @Test
  void letsClassesGoThatItReadAndWrote() throws Exception {
    WeakReference<ClassLoader> loader = readAndWrite();
    Awaitility.await()
        .until(
            () -> {
              System.gc();
              return loader.get() == null;
            });
  }

  /** Keeps nothing in the caller's frame. */
  private static WeakReference<ClassLoader> readAndWrite() throws Exception {
    ClassLoader loader = new MemoryLoader();
    Class<?> type = loader.loadClass("plugin.Message");
    ValueCodec codec = ValueCodec.of(loader);
    byte[] wire = "2[\"m\",{\"text\":\"a\",\"answers\":[{\"text\":\"b\"}]}]".getBytes(UTF_8);
    Packet.Event event =
        (Packet.Event) new Decoder(DecoderLimits.defaults()).text(wire, 0, wire.length);
    Object message = codec.arguments(event.arguments()).get(0, type);
    assertThat(message.getClass().getClassLoader()).isSameAs(loader);
    byte[] text = Encoder.event("/", -1, "m", codec, List.of(message)).text();
    assertThat(new String(text, UTF_8))
        .isEqualTo("2[\"m\",[{\"text\":\"a\",\"answers\":[{\"text\":\"b\",\"answers\":null}]}]]");
    // Not by equals: what the JDK makes for a record's keeps its class until memory is short.
    assertThat(String.valueOf(codec.read(codec.write(message), type)))
        .isEqualTo(message.toString());
    return new WeakReference<>(loader);
  }

  private static final class MemoryLoader extends ClassLoader {
    MemoryLoader() {
      super(ValueCodecLoaderTest.class.getClassLoader());
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      byte[] bytes = CLASSES.get(name.replace('.', '/') + ".class");
      if (bytes == null) {
        throw new ClassNotFoundException(name);
      }
      return defineClass(name, bytes, 0, bytes.length);
    }
  }
}
