package io.dormouse.host.protocol;

import java.util.HashMap;
import java.util.Map;

/** Finds where the fields of an object have their values. */
final class FieldScan extends JsonScanner {
  /** Where a value begins and ends. */
  record Slice(int start, int end) {}

  private FieldScan(JsonPayload object) {
    super(object.raw.json, object.start, object.end, DecoderLimits.NONE);
  }

  /** Of a key that comes twice the last one counts. */
  static Map<String, Slice> fields(JsonPayload object) {
    FieldScan scan = new FieldScan(object);
    Map<String, Slice> fields = new HashMap<>();
    scan.open();
    if (!scan.skip('}')) {
      do {
        scan.space();
        int key = scan.at + 1;
        scan.string();
        String name = scan.text(key, scan.at - 1, scan.escaped());
        scan.expectColon();
        int value = scan.at;
        scan.value();
        fields.put(name, new Slice(value, scan.at));
        scan.space();
      } while (scan.skip(','));
    }
    return fields;
  }

  @Override
  void placeholder(int objectStart, int fields, int number) {}
}
