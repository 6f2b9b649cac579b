package io.dormouse.host.backplane;

import static io.dormouse.host.backplane.RefusalReason.LIMIT;
import static io.dormouse.host.backplane.RefusalReason.MALFORMED;
import static io.dormouse.host.backplane.RefusalReason.NOT_DATA;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.razorvine.pickle.Opcodes;
import net.razorvine.pickle.Unpickler;
import org.jspecify.annotations.Nullable;

/**
 * Plain data of a pickle: null, Boolean, Integer, Long, BigInteger, Double, String, {@code byte[]},
 * {@code Object[]} for a tuple, List and Map. Only opcodes that make these are known, so that no
 * class is looked up; no length is believed before it is checked. A list may contain itself.
 */
final class PlainPickle extends Unpickler {
  /** What {@code builtins.bytearray} becomes until it is called. */
  private static final Object BYTEARRAY = new Object();

  private static final int BINBYTES8 = 0x8e;
  private static final int BYTEARRAY8 = 0x96;

  private final ByteArrayInputStream bytes;
  private int left;

  private PlainPickle(ByteArrayInputStream bytes, int opcodes) {
    this.bytes = bytes;
    this.left = opcodes;
  }

  /** The value that was pickled. What stands behind it is not read. */
  static @Nullable Object read(byte[] pickle, PlainLimits limits) throws MessageRefused {
    ByteArrayInputStream bytes = new ByteArrayInputStream(pickle);
    try {
      return new PlainPickle(bytes, limits.values()).load(bytes);
    } catch (Refusal refusal) {
      throw refusal.refused;
    } catch (IOException | RuntimeException broken) {
      // An empty stack is an IndexOutOfBoundsException, a number for a list a ClassCastException.
      throw new MessageRefused(
          MALFORMED, "The pickle breaks off at byte " + (pickle.length - bytes.available()));
    }
  }

  @Override
  protected Object dispatch(short opcode) throws IOException {
    int code = opcode & 0xff;
    if (--left < 0) {
      throw refusal(LIMIT, "The pickle has too many opcodes");
    }
    switch (code) {
      case Opcodes.PROTO, Opcodes.FRAME, Opcodes.STOP, Opcodes.MARK, Opcodes.POP -> {}
      case Opcodes.NONE, Opcodes.NEWTRUE, Opcodes.NEWFALSE, Opcodes.BINFLOAT -> {}
      case Opcodes.BININT, Opcodes.BININT1, Opcodes.BININT2, Opcodes.LONG1 -> {}
      case Opcodes.SHORT_BINUNICODE, Opcodes.SHORT_BINBYTES -> {}
      case Opcodes.BINUNICODE, Opcodes.BINBYTES -> checkLength(4);
      case Opcodes.BINUNICODE8, BINBYTES8, BYTEARRAY8 -> checkLength(8);
      case Opcodes.EMPTY_LIST, Opcodes.APPEND, Opcodes.APPENDS -> {}
      case Opcodes.EMPTY_TUPLE, Opcodes.TUPLE, Opcodes.TUPLE1, Opcodes.TUPLE2, Opcodes.TUPLE3 -> {}
      case Opcodes.MEMOIZE, Opcodes.BINPUT, Opcodes.LONG_BINPUT -> {}
      case Opcodes.BINGET, Opcodes.LONG_BINGET -> {}
      case Opcodes.EMPTY_DICT -> {
        return pushed(new LinkedHashMap<>());
      }
      case Opcodes.SETITEM -> {
        Object value = stack.pop();
        Object key = stack.pop();
        dictionary().put(key(key), value);
        return NO_RETURN_VALUE;
      }
      case Opcodes.SETITEMS -> {
        List<Object> items = stack.pop_all_since_marker();
        Map<String, @Nullable Object> dictionary = dictionary();
        for (int i = 0; i < items.size(); i += 2) {
          dictionary.put(key(items.get(i)), items.get(i + 1));
        }
        return NO_RETURN_VALUE;
      }
      case Opcodes.STACK_GLOBAL -> {
        Object name = stack.pop();
        Object module = stack.pop();
        if (!"builtins".equals(module) || !"bytearray".equals(name)) {
          throw refusal(NOT_DATA, "The pickle names a class; plain data is read here");
        }
        return pushed(BYTEARRAY);
      }
      case Opcodes.REDUCE -> {
        Object arguments = stack.pop();
        if (stack.pop() != BYTEARRAY || !(arguments instanceof Object[] given)) {
          throw refusal(NOT_DATA, "The pickle calls a class; plain data is read here");
        }
        return pushed(given.length == 0 ? new byte[0] : (byte[]) given[0]);
      }
      default ->
          throw refusal(
              NOT_DATA,
              "The pickle has opcode 0x"
                  + Integer.toHexString(code)
                  + "; plain data of protocol 3 to 5 is read here");
    }
    return super.dispatch(opcode);
  }

  private Object pushed(Object value) {
    stack.add(value);
    return NO_RETURN_VALUE;
  }

  @SuppressWarnings("unchecked") // no other maps are made
  private Map<String, @Nullable Object> dictionary() {
    return (Map<String, @Nullable Object>) stack.peek();
  }

  /** Keys become text, as Python writes them to JSON. A list could contain itself. */
  private static String key(@Nullable Object key) {
    if (key == null || key instanceof String || key instanceof Number || key instanceof Boolean) {
      return String.valueOf(key);
    }
    throw refusal(NOT_DATA, "A dictionary of the pickle has a key that JSON does not have");
  }

  private void checkLength(int width) {
    bytes.mark(0);
    long length = 0;
    for (int i = 0; i < width; i++) {
      length |= (bytes.read() & 0xffL) << (8 * i);
    }
    bytes.reset();
    if (length < 0 || length > bytes.available() - width) {
      throw refusal(MALFORMED, "A length in the pickle exceeds the message");
    }
  }

  private static Refusal refusal(RefusalReason reason, String message) {
    return new Refusal(new MessageRefused(reason, message));
  }

  /** Through the library, which knows no checked exception of ours. */
  private static final class Refusal extends RuntimeException {
    final transient MessageRefused refused;

    Refusal(MessageRefused refused) {
      super(refused.getMessage(), null, false, false);
      this.refused = refused;
    }
  }
}
