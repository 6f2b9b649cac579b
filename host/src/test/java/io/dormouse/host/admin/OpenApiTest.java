package io.dormouse.host.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.dormouse.host.backplane.HostStatus;
import io.dormouse.host.hook.DeadLetter;
import io.dormouse.host.hook.HookStatus;
import io.dormouse.host.hook.Hooks;
import io.dormouse.host.lifecycle.Clients;
import io.dormouse.host.lifecycle.Drain;
import io.dormouse.host.lifecycle.DrainSettings;
import io.dormouse.host.lifecycle.DrainStatus;
import io.dormouse.host.lifecycle.Lifecycle;
import io.dormouse.host.namespace.NamespaceStatus;
import io.dormouse.host.namespace.Namespaces;
import io.dormouse.host.namespace.RecoverySettings;
import io.dormouse.host.namespace.SocketSettings;
import io.dormouse.host.namespace.SocketStatus;
import io.dormouse.host.plugin.DryRun;
import io.dormouse.host.plugin.GenerationStatus;
import io.dormouse.host.plugin.PluginEvent;
import io.dormouse.host.plugin.PluginRuntime;
import io.dormouse.host.plugin.PluginStatus;
import io.dormouse.host.plugin.PluginsSettings;
import io.dormouse.host.plugin.ReplaceSettings;
import io.dormouse.host.plugin.SleepSettings;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.parser.OpenAPIV3Parser;
import io.swagger.v3.parser.core.models.ParseOptions;
import io.swagger.v3.parser.core.models.SwaggerParseResult;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What the document says is what is served, and the other way round. */
class OpenApiTest {
  private static final Map<String, Class<?>> SCHEMAS =
      Map.ofEntries(
          Map.entry("Problem", Problem.Body.class),
          Map.entry("Plugins", PluginRoutes.PluginsAnswer.class),
          Map.entry("Plugin", PluginStatus.class),
          Map.entry("Generation", GenerationStatus.class),
          Map.entry("Upload", Deployments.Accepted.class),
          Map.entry("DryRun", DryRun.class),
          Map.entry("Hosts", HostRoutes.HostsAnswer.class),
          Map.entry("Host", HostStatus.class),
          Map.entry("PluginPart", HostStatus.PluginPart.class),
          Map.entry("PluginOnHosts", HostRoutes.PluginOnHostsAnswer.class),
          Map.entry("PluginOnHost", PluginOnHost.class),
          Map.entry("Namespaces", SocketRoutes.NamespacesAnswer.class),
          Map.entry("Namespace", NamespaceStatus.class),
          Map.entry("Sockets", SocketRoutes.SocketsAnswer.class),
          Map.entry("Socket", SocketStatus.class),
          Map.entry("Emission", SocketRoutes.Emission.class),
          Map.entry("EmissionAnswer", SocketRoutes.EmissionAnswer.class),
          Map.entry("PluginEvent", PluginEvent.class),
          Map.entry("SocketEvent", HostEvents.SocketEvent.class),
          Map.entry("State", DrainRoutes.StateAnswer.class),
          Map.entry("DrainRequest", DrainRoutes.DrainRequest.class),
          Map.entry("Drain", DrainStatus.class),
          Map.entry("Hooks", HookRoutes.HooksAnswer.class),
          Map.entry("Hook", HookStatus.class),
          Map.entry("DeadLetters", HookRoutes.DeadLettersAnswer.class),
          Map.entry("DeadLetter", DeadLetter.class),
          Map.entry("Resent", HookRoutes.ResendAnswer.class),
          Map.entry("LogLine", LogLine.class));

  private static SwaggerParseResult read() throws IOException {
    try (InputStream in = HealthRoutes.class.getResourceAsStream("openapi.yaml")) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      ParseOptions options = new ParseOptions();
      options.setResolve(true);
      return new OpenAPIV3Parser().readContents(text, List.of(), options);
    }
  }

  private static List<Route> routes() {
    var registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    var settings = new AdminSettings(true, 0, "127.0.0.1");
    var access = new Access(settings, AdminTokens.of(Map.of(), List.of()));
    var namespaces =
        new Namespaces(SocketSettings.defaults(), RecoverySettings.defaults(), registry);
    var runtime =
        new PluginRuntime(
            namespaces,
            registry,
            PluginsSettings.defaults(),
            ReplaceSettings.defaults(),
            SleepSettings.defaults(),
            _ -> Map.of());
    var lifecycle = new Lifecycle();
    var drain = new DrainSettings("10%/s", Duration.ofSeconds(25));
    Clients nobody =
        new Clients() {
          @Override
          public void letIn(boolean anybody) {}

          @Override
          public List<Client> present() {
            return List.of();
          }

          @Override
          public int calls() {
            return 0;
          }
        };
    try {
      List<Routes> parts =
          List.of(
              new HealthRoutes(lifecycle, registry),
              new DrainRoutes(lifecycle, new Drain(lifecycle, drain, nobody)),
              new PluginRoutes(runtime),
              new HostRoutes(List::of),
              new HookRoutes(new Hooks(List.of(), "host", registry)),
              new Deployments(runtime, List::of, PluginsSettings.defaults()),
              new SocketRoutes(namespaces),
              new HostEvents(runtime, namespaces),
              new LogLines());
      return new AdminRoutes(parts, access, registry).routes();
    } finally {
      namespaces.stop();
    }
  }

  @Test
  void isADocumentThatAParserTakes() throws IOException {
    SwaggerParseResult result = read();
    assertThat(result.getMessages()).isEmpty();
    assertThat(result.getOpenAPI().getOpenapi()).isEqualTo("3.1.0");
  }

  @Test
  void hasAllRoutesWithTheirParametersAndScopes() throws IOException {
    Map<String, String> served = new TreeMap<>();
    for (Route route : routes()) {
      String scope = route.scope() == null ? "open" : route.scope().toString();
      served.put(
          route.method().text() + " " + route.path(),
          scope + " " + new TreeSet<>(route.parameters()) + (route.bodyBytes() > 0 ? " body" : ""));
    }
    Map<String, String> documented = new TreeMap<>();
    OpenAPI document = read().getOpenAPI();
    document.getPaths().forEach((path, item) -> operations(path, item, documented));
    assertThat(documented).isEqualTo(served);
  }

  private static void operations(String path, PathItem item, Map<String, String> documented) {
    item.readOperationsMap()
        .forEach(
            (method, operation) -> {
              Set<String> parameters = new TreeSet<>();
              for (Parameter parameter : parameters(operation)) {
                if ("query".equals(parameter.getIn())) {
                  parameters.add(parameter.getName());
                }
              }
              documented.put(
                  method + " " + path,
                  scope(operation)
                      + " "
                      + parameters
                      + (operation.getRequestBody() == null ? "" : " body"));
            });
  }

  private static List<Parameter> parameters(Operation operation) {
    return operation.getParameters() == null ? List.of() : operation.getParameters();
  }

  private static String scope(Operation operation) {
    List<SecurityRequirement> needed = operation.getSecurity();
    return needed.isEmpty() ? "open" : String.join(",", needed.getFirst().get("token"));
  }

  @Test
  void knowsAllPartsThatHaveRoutes() {
    Set<String> parts = new TreeSet<>();
    for (JavaClass type :
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.dormouse.host")) {
      if (type.isAssignableTo(Routes.class) && !type.isInterface()) {
        parts.add(type.getSimpleName());
      }
    }
    assertThat(parts)
        .containsExactlyInAnyOrder(
            "HealthRoutes",
            "DrainRoutes",
            "PluginRoutes",
            "Deployments",
            "HostRoutes",
            "HookRoutes",
            "SocketRoutes",
            "HostEvents",
            "LogLines");
  }

  @Test
  void describesWhatIsWritten() throws IOException {
    OpenAPI document = read().getOpenAPI();
    SCHEMAS.forEach(
        (name, type) ->
            assertThat(properties(document, name))
                .as(name)
                .containsExactlyInAnyOrderElementsOf(
                    Arrays.stream(type.getRecordComponents())
                        .map(RecordComponent::getName)
                        .toList()));
  }

  private static List<String> properties(OpenAPI document, String schema) {
    List<String> names = new ArrayList<>();
    Map<?, ?> properties = document.getComponents().getSchemas().get(schema).getProperties();
    properties.keySet().forEach(name -> names.add(name.toString()));
    return names;
  }

  @Test
  void namesAllTypesOfEvents() throws IOException {
    List<?> types = read().getOpenAPI().getComponents().getSchemas().get("EventType").getEnum();
    assertThat(types.stream().map(Object::toString))
        .containsExactlyInAnyOrderElementsOf(HostEvents.TYPES);
  }
}
