package io.dormouse.host.backplane;

import static io.dormouse.host.backplane.RefusalReason.LIMIT;
import static io.dormouse.host.backplane.RefusalReason.MALFORMED;
import static io.dormouse.host.backplane.RefusalReason.NOT_DATA;
import static io.dormouse.host.backplane.RefusalReason.PLACEHOLDER;
import static io.dormouse.host.backplane.RefusalReason.TOO_LARGE;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import io.dormouse.host.protocol.EventData;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes an event of plain values. Values may share parts and contain themselves, so what is written
 * is limited, not what is given.
 */
final class PlainEvent {
  private final JsonGenerator json;
  private final PlainLimits limits;
  private final List<byte[]> given;
  private final List<byte[]> attachments = new ArrayList<>(0);
  private final Set<Number> named = new HashSet<>(0);
  private int room;

  private PlainEvent(JsonGenerator json, List<byte[]> given, PlainLimits limits) {
    this.json = json;
    this.given = given;
    this.limits = limits;
    this.room = limits.bytes();
  }

  /**
   * @param given what placeholders among the arguments stand for; binary that stands there itself
   *     needs none
   */
  static EventData write(
      JsonFactory factory, String name, List<?> arguments, List<byte[]> given, PlainLimits limits)
      throws MessageRefused {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    List<byte[]> attachments;
    try (JsonGenerator json = factory.createGenerator(bytes)) {
      json.disable(JsonGenerator.Feature.AUTO_CLOSE_JSON_CONTENT);
      PlainEvent event = new PlainEvent(json, given, limits);
      json.writeStartArray();
      event.text(name);
      for (Object argument : arguments) {
        event.value(argument);
      }
      json.writeEndArray();
      if (event.named.size() != given.size()) {
        throw new MessageRefused(
            PLACEHOLDER,
            "The message has "
                + given.size()
                + " attachments, but placeholders for "
                + event.named.size());
      }
      attachments = event.attachments;
    } catch (StreamConstraintsException tooDeep) {
      throw new MessageRefused(LIMIT, "The event is nested too deeply");
    } catch (IOException half) {
      throw new MessageRefused(MALFORMED, "A text of the event has half a surrogate pair");
    }
    return new EventData(bytes.toByteArray(), List.copyOf(attachments));
  }

  private void value(@Nullable Object value) throws IOException, MessageRefused {
    switch (value) {
      case null -> {
        take(5);
        json.writeNull();
      }
      case String text -> text(text);
      case Boolean truth -> {
        take(6);
        json.writeBoolean(truth);
      }
      case Integer number -> {
        take(11);
        json.writeNumber(number);
      }
      case Long number -> {
        take(20);
        json.writeNumber(number);
      }
      case BigInteger number -> {
        take(number.bitLength() / 3 + 2);
        json.writeNumber(number);
      }
      case Double number -> number(number);
      case byte[] bytes -> placeholder(bytes);
      case List<?> list -> array(list);
      case Object[] tuple -> array(Arrays.asList(tuple));
      case Map<?, ?> object -> object(object);
      default -> throw new MessageRefused(NOT_DATA, "The event has a value that is no plain data");
    }
  }

  private void text(String text) throws IOException, MessageRefused {
    take(text.length() + 3);
    json.writeString(text);
  }

  private void number(double number) throws IOException, MessageRefused {
    if (!Double.isFinite(number)) {
      throw new MessageRefused(
          NOT_DATA, "The event has the number " + number + ", which JSON does not have");
    }
    take(25);
    json.writeNumber(number);
  }

  private void array(List<?> values) throws IOException, MessageRefused {
    take(2);
    json.writeStartArray();
    for (Object value : values) {
      value(value);
    }
    json.writeEndArray();
  }

  private void object(Map<?, ?> object) throws IOException, MessageRefused {
    if (Boolean.TRUE.equals(object.get("_placeholder"))) {
      placeholder(object);
      return;
    }
    take(2);
    json.writeStartObject();
    for (Map.Entry<?, ?> field : object.entrySet()) {
      String key = (String) field.getKey();
      take(key.length() + 3);
      json.writeFieldName(key);
      value(field.getValue());
    }
    json.writeEndObject();
  }

  private void placeholder(Map<?, ?> object) throws IOException, MessageRefused {
    if (object.size() == 2
        && object.get("num") instanceof Integer number
        && number >= 0
        && number < given.size()
        && named.add(number)) {
      placeholder(given.get(number));
    } else {
      throw new MessageRefused(
          PLACEHOLDER,
          "A placeholder does not name one of "
              + given.size()
              + " attachments, each to be named once");
    }
  }

  private void placeholder(byte[] bytes) throws IOException, MessageRefused {
    if (attachments.size() == limits.attachments()) {
      throw new MessageRefused(
          LIMIT, "The event has more than " + attachments.size() + " binaries");
    }
    take(32 + bytes.length);
    json.writeStartObject();
    json.writeBooleanField("_placeholder", true);
    json.writeNumberField("num", attachments.size());
    json.writeEndObject();
    attachments.add(bytes);
  }

  /** About what is written: values that share parts are small until they are. */
  private void take(int bytes) throws MessageRefused {
    room -= bytes;
    if (room < 0) {
      throw new MessageRefused(
          TOO_LARGE,
          "The event is larger than " + limits.bytes() + " bytes, the limit of a message");
    }
  }
}
