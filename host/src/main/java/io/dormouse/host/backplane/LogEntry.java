package io.dormouse.host.backplane;

import java.util.List;

/**
 * Messages that were published together, in their order.
 *
 * @param last the number of the last one, and the entry's id in the stream
 * @param publishedMillis by the clock of their host
 */
record LogEntry(long last, long publishedMillis, List<Message> messages) {
  /** What the bookkeeping of one message takes beside its payload. */
  private static final int OVERHEAD = 100;

  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Message(String channel, byte[] payload) {}

  /** Gets messages with their numbers. */
  interface Numbered {
    void accept(long number, Message message);
  }

  void forEach(Numbered each) {
    long number = firstNumber();
    for (Message message : messages) {
      each.accept(number++, message);
    }
  }

  long firstNumber() {
    return last + 1 - messages.size();
  }

  long bytes() {
    long bytes = 0;
    for (Message message : messages) {
      bytes += message.payload().length + message.channel().length() + OVERHEAD;
    }
    return bytes;
  }
}
