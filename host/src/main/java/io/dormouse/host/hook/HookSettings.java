package io.dormouse.host.hook;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A hook, {@code dormouse.hooks.<name>.*}.
 *
 * @param url that is called; its path and query may be secrets
 * @param types of events that it is told of
 * @param privateAllowed whether its address may be one that is not public
 * @param timeout of one call
 * @param deadline how long an event is tried to be delivered
 */
public record HookSettings(
    String name,
    URI url,
    TypeFilter types,
    Signer signer,
    boolean privateAllowed,
    Duration timeout,
    Duration deadline) {

  /**
   * Reads hooks and the files of their secrets.
   *
   * @param configured by name what is set
   * @param durations reads one; null when it is none
   * @param problems gets what is wrong, one sentence each, never with a secret or a whole URL in it
   */
  public static List<HookSettings> of(
      Map<String, ? extends Map<String, ?>> configured,
      Function<Object, @Nullable Duration> durations,
      List<String> problems) {
    List<HookSettings> all = new ArrayList<>();
    configured.forEach(
        (name, keys) -> {
          HookReader reader = new HookReader(name, keys, durations);
          HookSettings settings = reader.read();
          problems.addAll(reader.problems());
          if (settings != null) {
            all.add(settings);
          }
        });
    return all;
  }

  /** Where it is, without what may be secret. */
  String endpoint() {
    return url.getScheme() + "://" + url.getRawAuthority();
  }

  /** Without secrets. */
  @Override
  public String toString() {
    return "HookSettings[" + name + ", " + endpoint() + ", " + types.patterns() + "]";
  }
}
