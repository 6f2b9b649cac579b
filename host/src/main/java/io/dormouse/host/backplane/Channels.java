package io.dormouse.host.backplane;

import org.jspecify.annotations.Nullable;

/**
 * Names of the channels of Node's redis-adapter, and of our own. A namespace keeps its slash. The
 * room in a name only tells who need not look: rooms and namespaces may contain a {@code #}, so
 * what a message is for stands in it alone.
 *
 * @param key what all of them begin with
 */
record Channels(String key) {
  /** A pattern for all of them; what is special in a pattern stands for itself. */
  String pattern() {
    return key.replaceAll("[\\\\*?\\[\\]]", "\\\\$0") + "*";
  }

  /** Where a broadcast for these sockets goes: the room's channel when it is for just one. */
  String broadcast(String namespace, Options options) {
    String plain = broadcast(namespace);
    return options.rooms().size() == 1 ? plain + options.rooms().iterator().next() + "#" : plain;
  }

  String broadcast(String namespace) {
    return key + "#" + namespace + "#";
  }

  String request(String namespace) {
    return requests() + namespace + "#";
  }

  String response(String namespace) {
    return responses() + namespace + "#";
  }

  /** Where hosts of ours say that they are there. */
  String host() {
    return key + "-host#";
  }

  /** Where hosts of ours tell each other of plugins. */
  String plugins() {
    return key + "-plugins#";
  }

  /** Where hosts of ours tell each other of foreign events that one of them has adopted. */
  String adopted(String namespace) {
    return adoptions() + namespace + "#";
  }

  boolean isAdopted(String channel) {
    return channel.startsWith(adoptions());
  }

  private String adoptions() {
    return key + "-adopted#";
  }

  boolean isBroadcast(String channel) {
    return channel.startsWith(key + "#");
  }

  boolean isRequest(String channel) {
    return channel.startsWith(requests());
  }

  boolean isResponse(String channel) {
    return channel.startsWith(responses());
  }

  /** The namespace whose request channel this is; null when it is none. */
  @Nullable String requestNamespace(String channel) {
    int from = requests().length();
    int to = channel.length() - 1;
    return isRequest(channel) && from < to && channel.charAt(to) == '#'
        ? channel.substring(from, to)
        : null;
  }

  /** The one room that a broadcast on this channel is for; null when it may be for any. */
  @Nullable String room(String channel, String namespace) {
    String plain = broadcast(namespace);
    return channel.startsWith(plain) && channel.length() > plain.length() + 1
        ? channel.substring(plain.length(), channel.length() - 1)
        : null;
  }

  private String requests() {
    return key + "-request#";
  }

  private String responses() {
    return key + "-response#";
  }
}
