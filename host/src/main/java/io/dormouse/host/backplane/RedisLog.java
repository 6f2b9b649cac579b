package io.dormouse.host.backplane;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.redisson.api.RScript;
import org.redisson.api.RedissonClient;
import org.redisson.client.codec.ByteArrayCodec;

/**
 * The streams in which hosts keep their last messages. Each method asks Redis once and throws what
 * Redisson throws.
 */
final class RedisLog {
  /** How often a host has to {@link #enlist}. */
  static final Duration ENLIST_EVERY = Duration.ofSeconds(30);

  /** As many as a client's offset may name. */
  private static final byte[] MOST_HOSTS = "999".getBytes(US_ASCII);

  private static final String READ_ENTRIES = "64";
  private static final String READ_BYTES = "1048576";

  /** One script, since a cluster keeps the order of what one node publishes. */
  private static final String APPEND =
      """
      local entry = {'t', ARGV[4]}
      for i = 6, #ARGV do
        entry[#entry + 1] = ARGV[i]
      end
      local added = redis.pcall('XADD', KEYS[1], 'MINID', '~', ARGV[2], ARGV[1], unpack(entry))
      if type(added) == 'table' and added.err then
        if string.find(added.err, 'equal or smaller', 1, true) then
          return 0
        end
        return added
      end
      redis.call('EXPIRE', KEYS[1], ARGV[5])
      if ARGV[3] == '1' then
        for i = 6, #ARGV, 2 do
          redis.call('PUBLISH', ARGV[i], ARGV[i + 1])
        end
      end
      return 1
      """;

  private static final String ENLIST =
      """
      local now = tonumber(redis.call('TIME')[1])
      redis.call('ZADD', KEYS[1], now, ARGV[1])
      redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - ARGV[2])
      redis.call('EXPIRE', KEYS[1], ARGV[2])
      return 1
      """;

  private static final String ENLISTED =
      """
      return redis.call('ZREVRANGE', KEYS[1], 0, ARGV[1])
      """;

  private static final String LAST =
      """
      local last = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)
      return #last == 0 and '0-0' or last[1][1]
      """;

  private static final String READ =
      """
      local flat, bytes = {}, 0
      for _, entry in ipairs(redis.call('XRANGE', KEYS[1], ARGV[1], '+', 'COUNT', %s)) do
        flat[#flat + 1] = entry[1]
        flat[#flat + 1] = tostring(#entry[2])
        for _, field in ipairs(entry[2]) do
          flat[#flat + 1] = field
          bytes = bytes + #field
        end
        if bytes > %s then
          break
        end
      end
      return flat
      """
          .formatted(READ_ENTRIES, READ_BYTES);

  /** The oldest entry that is not older than a time: its id and how many messages it has. */
  private static final String SINCE =
      """
      local found, to = '', '+'
      while true do
        local entries = redis.call('XREVRANGE', KEYS[1], to, '-', 'COUNT', 32)
        if #entries == 0 then
          return found
        end
        for _, entry in ipairs(entries) do
          if tonumber(entry[2][2]) < tonumber(ARGV[1]) then
            return found
          end
          found = entry[1] .. ' ' .. (#entry[2] - 2) / 2
        end
        to = '(' .. entries[#entries][1]
      end
      """;

  private final RedisClients clients;
  private final String prefix;
  private final String list;
  private final String keptSeconds;

  /**
   * @param key what all keys begin with
   * @param kept how long the stream of a host stays after its last message
   */
  RedisLog(RedisClients clients, String key, Duration kept) {
    this.clients = clients;
    this.prefix = key + ":dormouse:log:";
    this.list = key + ":dormouse:logs";
    this.keptSeconds = Long.toString(kept.toSeconds());
  }

  /** Says that this host has a stream; to be repeated at least every {@link #ENLIST_EVERY}. */
  void enlist(String hostId) {
    Object _ =
        eval(
            clients.publishing(),
            ENLIST,
            RScript.ReturnType.LONG,
            list,
            hostId.getBytes(US_ASCII),
            keptSeconds.getBytes(US_ASCII));
  }

  /** The hosts that have a stream, dead ones among them; those that said so last come first. */
  List<String> hosts() {
    List<byte[]> ids =
        eval(clients.commands(), ENLISTED, RScript.ReturnType.LIST, list, MOST_HOSTS);
    return ids == null ? List.of() : ids.stream().map(id -> new String(id, US_ASCII)).toList();
  }

  /**
   * Stores an entry of this host, and perhaps publishes it; both or nothing.
   *
   * @param oldest what is before it may go
   * @return false when it had been stored before, and so published
   */
  boolean append(String hostId, LogEntry entry, long oldest, boolean publish) {
    List<Object> arguments = new ArrayList<>();
    for (String argument :
        List.of(
            entry.last() + "-0",
            oldest + "-0",
            publish ? "1" : "0",
            Long.toString(entry.publishedMillis()),
            keptSeconds)) {
      arguments.add(argument.getBytes(US_ASCII));
    }
    for (LogEntry.Message message : entry.messages()) {
      arguments.add(message.channel().getBytes(UTF_8));
      arguments.add(message.payload());
    }
    Long added =
        eval(
            clients.publishing(),
            APPEND,
            RScript.ReturnType.LONG,
            prefix + hostId,
            arguments.toArray());
    return added != null && added == 1;
  }

  /** The id of the last entry that this host stored; 0 when there is none. */
  long last(String hostId) {
    byte[] id = eval(clients.publishing(), LAST, RScript.ReturnType.VALUE, prefix + hostId);
    return id == null ? 0 : number(new String(id, US_ASCII));
  }

  /**
   * Entries with messages after a number, the oldest first; some of them, or none when there are no
   * more.
   */
  List<LogEntry> read(String hostId, long after) {
    List<byte[]> flat =
        eval(
            clients.commands(),
            READ,
            RScript.ReturnType.LIST,
            prefix + hostId,
            Long.toString(after + 1).getBytes(US_ASCII));
    List<LogEntry> entries = new ArrayList<>();
    for (int at = 0; flat != null && at + 1 < flat.size(); ) {
      long last = number(new String(flat.get(at), US_ASCII));
      int fields = Integer.parseInt(new String(flat.get(at + 1), US_ASCII));
      int start = at + 2;
      at = start + fields;
      entries.add(entry(last, flat.subList(start, at)));
    }
    return entries;
  }

  /**
   * Reads all entries with messages after a number, the oldest first, as long as there are more and
   * they are wanted.
   *
   * @param take gets each one; false when it wants no more
   */
  void readAll(String hostId, long after, Predicate<LogEntry> take) {
    List<LogEntry> entries = read(hostId, after);
    while (!entries.isEmpty()) {
      for (LogEntry entry : entries) {
        if (!take.test(entry)) {
          return;
        }
      }
      entries = read(hostId, entries.getLast().last());
    }
  }

  /** The first part of an id. */
  private static long number(String id) {
    return Long.parseLong(id.substring(0, id.indexOf('-')));
  }

  private static LogEntry entry(long last, List<byte[]> fields) {
    List<LogEntry.Message> messages = new ArrayList<>(fields.size() / 2);
    for (int i = 2; i + 1 < fields.size(); i += 2) {
      messages.add(new LogEntry.Message(new String(fields.get(i), UTF_8), fields.get(i + 1)));
    }
    return new LogEntry(last, Long.parseLong(new String(fields.get(1), US_ASCII)), messages);
  }

  /**
   * The number before the first message that a host published at a time or later; -1 when there is
   * none.
   */
  long before(String hostId, long millis) {
    byte[] found =
        eval(
            clients.commands(),
            SINCE,
            RScript.ReturnType.VALUE,
            prefix + hostId,
            Long.toString(millis).getBytes(US_ASCII));
    if (found == null || found.length == 0) {
      return -1;
    }
    String[] parts = new String(found, US_ASCII).split(" ", 2);
    return number(parts[0]) - (long) Double.parseDouble(parts[1]);
  }

  @SuppressWarnings("TypeParameterUnusedInFormals")
  private <T> @Nullable T eval(
      RedissonClient client,
      String script,
      RScript.ReturnType type,
      String key,
      Object... arguments) {
    return client
        .getScript(ByteArrayCodec.INSTANCE)
        .eval(RScript.Mode.READ_WRITE, script, type, Arrays.<Object>asList(key), arguments);
  }
}
