package io.dormouse.host.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "emit",
    description = "Sends an event to the sockets of a namespace, or of some of its rooms.",
    footer = {
      "",
      "Each JSON word is one argument of the event. Text needs its own quotes inside those of",
      "the shell:  dormouse emit /chat line '\"Back in a minute\"' '{\"from\":\"ops\"}' --to lobby"
    })
final class EmitCommand extends ClientCommand {
  @Parameters(index = "0", paramLabel = "NAMESPACE", description = "such as / or /chat")
  private String namespace = "";

  @Parameters(index = "1", paramLabel = "EVENT", description = "its name")
  private String event = "";

  @Parameters(index = "2..*", paramLabel = "JSON", description = "arguments of the event")
  private List<String> arguments = List.of();

  @Option(names = "--to", paramLabel = "ROOM", description = "only to this room; may be repeated")
  private List<String> rooms = List.of();

  @Option(
      names = "--except",
      paramLabel = "ROOM",
      description = "not to this room; may be repeated")
  private List<String> except = List.of();

  EmitCommand(Surroundings surroundings) {
    super(surroundings);
  }

  @Override
  void run(AdminClient admin) {
    arguments.forEach(EmitCommand::check);
    show(admin.post("/emit", body()), answer -> terminal.print(sentence(answer)));
  }

  private static void check(String argument) {
    try {
      Json.read(argument);
    } catch (IOException _) {
      throw new CommandFailed(
          CliErrorCode.BAD_USAGE,
          "'%s' is not JSON; text needs its own quotes, and quotes around them for the shell: '%s'"
              .formatted(argument, Json.write(json -> json.writeString(argument))));
    }
  }

  private String body() {
    return Json.write(
        json -> {
          json.writeStartObject();
          json.writeStringField("namespace", namespace);
          json.writeStringField("event", event);
          json.writeArrayFieldStart("args");
          for (String argument : arguments) {
            json.writeRawValue(argument);
          }
          json.writeEndArray();
          texts(json, "rooms", rooms);
          texts(json, "except", except);
          json.writeEndObject();
        });
  }

  private static void texts(JsonGenerator json, String key, List<String> texts) throws IOException {
    json.writeArrayFieldStart(key);
    for (String text : texts) {
      json.writeString(text);
    }
    json.writeEndArray();
  }

  private String sentence(Json answer) {
    String sockets = answer.text("sockets");
    String hosts = answer.text("hosts");
    return Terminal.clean(
        "Sent '%s' to %s%s"
            .formatted(
                event,
                sockets.equals("1") ? "1 socket" : sockets + " sockets",
                hosts.equals("1") ? "" : " of " + hosts + " hosts"));
  }
}
