package io.dormouse.host.protocol;

import com.fasterxml.jackson.databind.JsonMappingException;
import java.util.Map;

/** Where in a value something does not fit: {@code lines[2].text}. Keys of maps are left out. */
final class FieldPath {
  private FieldPath() {}

  /** {@code at 'lines[2].text'}, empty when it is the whole. */
  static String of(Throwable unfit, String above) {
    StringBuilder path = new StringBuilder(above);
    if (unfit instanceof JsonMappingException mapping) {
      for (JsonMappingException.Reference step : mapping.getPath()) {
        if (step.getIndex() >= 0) {
          path.append('[').append(step.getIndex()).append(']');
        } else if (step.getFrom() instanceof Map) {
          path.append("[]");
        } else {
          path.append(path.isEmpty() ? "" : ".").append(step.getFieldName());
        }
      }
    }
    return path.isEmpty() ? "" : " at '" + path + "'";
  }
}
