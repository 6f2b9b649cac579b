package io.dormouse.host.backplane;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Pickles plain values in protocol 3, which has bytes and which all Python 3 read: a List becomes a
 * list, {@code Object[]} a tuple, a Map a dict, {@code byte[]} bytes.
 */
final class PickleOutput {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream(256);

  private PickleOutput() {}

  static byte[] write(@Nullable Object value) {
    PickleOutput pickle = new PickleOutput();
    pickle.out.write(0x80);
    pickle.out.write(3);
    pickle.value(value);
    pickle.out.write('.');
    return pickle.out.toByteArray();
  }

  private void value(@Nullable Object value) {
    switch (value) {
      case null -> out.write('N');
      case Boolean truth -> out.write(truth ? 0x88 : 0x89);
      case Integer number -> {
        out.write('J');
        little(number);
      }
      case Long number -> number(BigInteger.valueOf(number));
      case BigInteger number -> number(number);
      case Double number -> {
        out.write('G');
        out.writeBytes(ByteBuffer.allocate(8).putDouble(number).array());
      }
      case String text -> sized('X', text.getBytes(UTF_8));
      case byte[] bytes -> sized('B', bytes);
      case Object[] tuple -> {
        out.write('(');
        for (Object element : tuple) {
          value(element);
        }
        out.write('t');
      }
      case List<?> list -> {
        out.write(']');
        out.write('(');
        list.forEach(this::value);
        out.write('e');
      }
      case Map<?, ?> object -> {
        out.write('}');
        out.write('(');
        object.forEach(
            (key, field) -> {
              value(key);
              value(field);
            });
        out.write('u');
      }
      default -> throw new IllegalArgumentException("No plain value: " + value.getClass());
    }
  }

  private void number(BigInteger number) {
    byte[] big = number.toByteArray();
    boolean isShort = big.length < 256;
    out.write(isShort ? 0x8a : 0x8b);
    if (isShort) {
      out.write(big.length);
    } else {
      little(big.length);
    }
    for (int i = big.length - 1; i >= 0; i--) {
      out.write(big[i]);
    }
  }

  private void sized(char opcode, byte[] bytes) {
    out.write(opcode);
    little(bytes.length);
    out.writeBytes(bytes);
  }

  private void little(int number) {
    out.writeBytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(number).array());
  }
}
