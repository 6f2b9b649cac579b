package io.dormouse.host.hook;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.LinkedHashMap;
import java.util.Map;

/** CloudEvents 1.0 in structured JSON. */
final class EventJson {
  static final String MEDIA_TYPE = "application/cloudevents+json";

  private static final String TYPE_PREFIX = "io.dormouse.";
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private EventJson() {}

  /**
   * @param source the host, as a URI reference
   */
  static byte[] write(String id, String source, HookEvent event) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("specversion", "1.0");
    json.put("id", id);
    json.put("source", source);
    json.put("type", TYPE_PREFIX + event.type());
    json.put("subject", event.subject());
    json.put("time", event.at().toString());
    json.put("datacontenttype", "application/json");
    json.put("data", event.data());
    try {
      return MAPPER.writeValueAsBytes(json);
    } catch (JsonProcessingException unfit) {
      throw new IllegalArgumentException("data of " + event.type() + " is no JSON", unfit);
    }
  }
}
