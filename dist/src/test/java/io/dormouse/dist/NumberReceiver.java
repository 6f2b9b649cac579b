package io.dormouse.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A client that notes each number that the hosts count, from whom and in which order it came. */
final class NumberReceiver implements AutoCloseable {
  private static final Pattern NUMBER =
      Pattern.compile("42/cluster,\\[\"number\",\"(\\w+)\",(\\d+)]");

  /**
   * What went wrong with a row of numbers.
   *
   * @param disordered how often one came after a larger one
   */
  record Tally(int lost, int doubled, int disordered) {
    static final Tally PERFECT = new Tally(0, 0, 0);
  }

  private final RawWebSocket socket;
  private final Map<String, List<Integer>> heard = new ConcurrentHashMap<>();

  NumberReceiver(DormouseProcess host) throws IOException {
    socket = RawWebSocket.join(host, Cluster.NAMESPACE);
    socket.send("42/cluster,0[\"join\",[\"even\"]]");
    String answer = socket.text();
    while (!answer.startsWith("43")) {
      answer = socket.text();
    }
    assertThat(answer).isEqualTo("43/cluster,0[]");
    Thread.startVirtualThread(this::read);
  }

  private void read() {
    try {
      while (true) {
        Matcher number = NUMBER.matcher(socket.text());
        if (number.matches()) {
          List<Integer> row = heard.computeIfAbsent(number.group(1), from -> new ArrayList<>());
          synchronized (row) {
            row.add(Integer.valueOf(number.group(2)));
          }
        }
      }
    } catch (EOFException | SocketException ended) {
      // By the test, or by the death of the host: what was heard stays.
    } catch (IOException | AssertionError e) {
      heard.put("failed: " + e, List.of());
    }
  }

  /** The last number heard from somebody; 0 when there was none. */
  int last(String from) {
    List<Integer> row = row(from);
    return row.isEmpty() ? 0 : row.getLast();
  }

  /** All that was heard from somebody so far. */
  List<Integer> row(String from) {
    List<Integer> row = heard.getOrDefault(from, List.of());
    synchronized (row) {
      return List.copyOf(row);
    }
  }

  /** Compares what was heard with the numbers from 1 to last. */
  Tally tally(String from, int last) {
    Set<Integer> seen = new HashSet<>();
    int disordered = 0;
    int before = 0;
    List<Integer> row = row(from);
    for (int number : row) {
      seen.add(number);
      disordered += number < before ? 1 : 0;
      before = number;
    }
    return new Tally(last - seen.size(), row.size() - seen.size(), disordered);
  }

  /** How it is with everybody, for a message. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    heard
        .keySet()
        .forEach(from -> text.append(from).append(": ").append(row(from).size()).append(' '));
    return text.toString();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
