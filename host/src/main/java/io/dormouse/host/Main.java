package io.dormouse.host;

import io.dormouse.host.admin.Metrics;
import io.dormouse.host.cli.ClientCommands;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.ApplicationContext;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line. */
@Command(
    name = "dormouse",
    description = "Runs a host: Socket.IO plugins from a folder.",
    versionProvider = Main.Version.class,
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class Main implements Callable<Integer> {
  static final int OK = 0;
  static final int CANNOT_START = 1;
  static final int BAD_USAGE = 2;

  /** Values stay text: they are checked together with those of the other sources. */
  static final class Options {
    @Option(
        names = "--port",
        paramLabel = "PORT",
        description = "where clients connect; 0 takes a free one (default: $PORT or 5000)")
    @Nullable String port;

    @Option(
        names = "--bind",
        paramLabel = "ADDRESS",
        description = "the address to listen on (default: 0.0.0.0)")
    @Nullable String bind;

    @Option(
        names = "--admin-port",
        paramLabel = "PORT",
        description = "health, metrics and administration, on loopback (default: 9090)")
    @Nullable String adminPort;

    @Option(
        names = "--plugins",
        paramLabel = "DIR",
        description = "the folder of plugin JARs (default: plugins of the distribution)")
    @Nullable String plugins;

    @Option(
        names = "--config",
        paramLabel = "FILE",
        description =
            "a YAML file (default: dormouse.yaml of this folder, else of the distribution)")
    @Nullable String config;

    @Option(
        names = "--redis",
        paramLabel = "URL",
        description = "redis://host:6379, over which hosts act as one (default: $REDIS_URL)")
    @Nullable String redis;

    Map<String, String> byName() {
      Map<String, String> given = new LinkedHashMap<>();
      put(given, "--port", port);
      put(given, "--bind", bind);
      put(given, "--admin-port", adminPort);
      put(given, "--plugins", plugins);
      put(given, "--config", config);
      put(given, "--redis", redis);
      return given;
    }

    private static void put(Map<String, String> given, String option, @Nullable String value) {
      if (value != null) {
        given.put(option, value);
      }
    }
  }

  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"dormouse " + text()};
    }

    static String text() {
      String version = Main.class.getPackage().getImplementationVersion();
      return version == null ? "(not packaged)" : version;
    }
  }

  @Mixin private Options options = new Options();

  private Main() {}

  public static void main(String[] arguments) {
    int code = commandLine().execute(arguments);
    if (code != OK) {
      System.exit(code);
    }
  }

  private static CommandLine commandLine() {
    CommandLine commandLine = new CommandLine(new Main());
    ClientCommands.addTo(commandLine);
    commandLine.setParameterExceptionHandler(Main::badUsage);
    commandLine.setExecutionExceptionHandler(
        (e, _, _) -> {
          if (e instanceof ConfigurationInvalid) {
            System.err.println(e.getMessage());
            return BAD_USAGE;
          }
          if (e instanceof CannotStart) {
            System.err.println(e.getMessage());
            return CANNOT_START;
          }
          throw e;
        });
    return commandLine;
  }

  private static int badUsage(ParameterException e, String[] arguments) {
    CommandSpec command = e.getCommandLine().getCommandSpec();
    System.err.printf(
        "%s; dormouse %s --help lists what there is. [BAD_USAGE]%n",
        problem(e), command.parent() == null ? "run" : command.name());
    return BAD_USAGE;
  }

  private static String problem(ParameterException e) {
    if (e instanceof UnmatchedArgumentException unknown) {
      String given = unknown.getUnmatched().getFirst();
      CommandSpec command = e.getCommandLine().getCommandSpec();
      if (command.parent() != null && !given.startsWith("-")) {
        return "'%s' is one argument too many".formatted(given);
      }
      return "'%s' is no option or command%s"
          .formatted(
              given,
              Nearest.of(given, command.optionsMap().keySet())
                  .map(nearest -> ", the nearest is '" + nearest + "'")
                  .orElse(""));
    }
    return String.valueOf(e.getMessage());
  }

  @Override
  public Integer call() {
    return run(options);
  }

  /** Returns when the host listens; its threads keep the process alive. */
  @Command(
      name = "run",
      description = "Runs a host (the default command).",
      mixinStandardHelpOptions = true,
      sortOptions = false)
  int run(@Mixin Options given) {
    LogSetup.start();
    ApplicationContext context = HostContext.open(ConfigurationSources.ofProcess(given.byName()));
    Host host = context.getBean(Host.class);
    StopHook hook = StopHook.install(host);
    try {
      host.start();
    } catch (RuntimeException e) {
      hook.remove();
      throw e;
    }
    Greeting.give(context);
    Metrics.bindJvm(context.getBean(MeterRegistry.class));
    return OK;
  }
}
