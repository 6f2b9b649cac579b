package io.dormouse.host.backplane;

import io.dormouse.host.namespace.Emission;
import io.dormouse.host.namespace.LocalSockets;
import io.dormouse.host.namespace.PastEvent;
import io.dormouse.host.namespace.Target;
import io.dormouse.host.protocol.RawArguments;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does for this host's sockets what others publish, and answers what they ask. Runs on the one
 * thread that receives, and waits for nothing.
 */
final class Answering implements Link.Listener {
  private static final Logger LOG = LoggerFactory.getLogger(Answering.class);

  /** When a Node server tells no time to wait for acks. */
  private static final Duration ACK_TIMEOUT = Duration.ofMinutes(1);

  private final Link link;
  private final Channels channels;
  private final NodeReader reader;
  private final LocalSockets local;
  private final Questions questions;
  private final Hosts hosts;
  private final Set<String> served;
  private final BackplaneMeters meters;
  private final @Nullable Dialect bridge;
  private final Predicate<@Nullable String> elder;

  /**
   * @param bridge gets what Node says, too; null for nobody
   * @param elder whether this host is the one that passes it on
   * @param served names and patterns that clients of this host can join, as they are now
   */
  Answering(
      Link link,
      Channels channels,
      NodeReader reader,
      LocalSockets local,
      Questions questions,
      Hosts hosts,
      Set<String> served,
      BackplaneMeters meters,
      @Nullable Dialect bridge,
      Predicate<@Nullable String> elder) {
    this.link = link;
    this.channels = channels;
    this.reader = reader;
    this.local = local;
    this.questions = questions;
    this.hosts = hosts;
    this.served = served;
    this.meters = meters;
    this.bridge = bridge;
    this.elder = elder;
  }

  @Override
  public void received(Incoming message) {
    try {
      String channel = message.channel();
      if (channels.isResponse(channel)) {
        questions.answered(message.hostId(), reader.response(message.payload()));
      } else if (channels.isRequest(channel)) {
        String namespace = channels.requestNamespace(channel);
        if (namespace != null && served.contains(namespace)) {
          request(reader.request(namespace, message.payload()));
        }
      } else if (channels.isAdopted(channel)) {
        broadcast(message.hostId(), reader.broadcast(message.payload()));
      } else if (channels.isBroadcast(channel)
          && (mayConcern(
                  channel, (namespace, room) -> isForSomebody(namespace, room, message.payload()))
              || (bridge != null && message.hostId() == null))) {
        broadcast(message.hostId(), reader.broadcast(message.payload()));
      }
    } catch (MessageRefused refused) {
      meters.refused(refused.reason());
      LOG.debug("A message on '{}' is refused: {}", message.channel(), refused.getMessage());
    }
  }

  @Override
  public boolean wantsPast(String channel) {
    return channels.isAdopted(channel)
        || (channels.isBroadcast(channel) && mayConcern(channel, this::isRemembered));
  }

  @Override
  public void recalled(List<PastMessage> messages) {
    List<PastEvent> events = new ArrayList<>();
    for (PastMessage past : messages) {
      try {
        NodeMessage.Broadcast said = reader.broadcast(past.message().payload());
        String from = past.message().hostId();
        if (from != null && said.marks().number() > 0) {
          events.add(
              new PastEvent(
                  origin(from, said.marks()),
                  said.marks().number(),
                  said.namespace(),
                  said.options().target(),
                  said.options().emission(),
                  said.event(),
                  past.publishedMillis()));
        }
      } catch (MessageRefused refused) {
        meters.refused(refused.reason());
      }
    }
    local.recall(events);
  }

  private static String origin(String from, Marks marks) {
    String origin = RedisAdapter.origin(from);
    return marks.adopted() == null ? origin : origin + RedisAdapter.ADOPTED;
  }

  /**
   * Whether a namespace and a room of it are of some interest, as far as the channel tells them
   * without decoding. Where they begin is not certain, since both may contain a {@code #}.
   *
   * @param interest gets a namespace, and a room or null for all of it
   */
  private boolean mayConcern(String channel, BiPredicate<String, @Nullable String> interest) {
    int from = channels.broadcast("").length() - 1;
    int last = channel.length() - 1;
    for (int end = channel.indexOf('#', from); end > 0; end = channel.indexOf('#', end + 1)) {
      String room = end == last ? null : channel.substring(end + 1, last);
      if (interest.test(channel.substring(from, end), room)) {
        return true;
      }
    }
    return false;
  }

  /** Whether anybody here can be meant. */
  private boolean isForSomebody(String namespace, @Nullable String room, byte[] payload) {
    if (!served.contains(namespace)) {
      return false;
    }
    boolean meant =
        room == null
            ? NodeReader.hasMarks(payload) || !local.isEmpty(namespace)
            : local.hasMember(namespace, room);
    return meant || local.remembers(namespace);
  }

  private boolean isRemembered(String namespace, @Nullable String room) {
    return local.remembers(namespace);
  }

  private void broadcast(@Nullable String from, NodeMessage.Broadcast broadcast) {
    if (from == null && bridge != null && elder.test(null)) {
      bridge.broadcast(broadcast.namespace(), broadcast.options().target(), broadcast.event());
    }
    Marks marks = broadcast.marks();
    if (!served.contains(broadcast.namespace()) || marks.isBridged()) {
      return;
    }
    int sockets = deliver(from, broadcast);
    if (marks.receipt() != null) {
      respond(
          broadcast.namespace(),
          NodeWriter.receipt(marks.receipt(), sockets, serving(broadcast.namespace())));
    }
  }

  private int deliver(@Nullable String from, NodeMessage.Broadcast broadcast) {
    String name = broadcast.namespace();
    Target target = broadcast.options().target();
    Emission emission = broadcast.options().emission();
    Marks marks = broadcast.marks();
    if (from == null) {
      return local.deliverForeign(name, target, emission, broadcast.event());
    }
    if (marks.number() <= 0) {
      return local.deliver(name, target, emission, broadcast.event());
    }
    return local.deliver(
        origin(from, marks),
        marks.number(),
        marks.adopted(),
        name,
        target,
        emission,
        broadcast.event());
  }

  private int serving(String namespace) {
    return hosts.serving(namespace) + 1;
  }

  private void respond(String namespace, Body body) {
    boolean _ = link.publish(Outgoing.of(channels.response(namespace), body));
  }

  private void request(NodeMessage.Request request) {
    String name = request.namespace();
    switch (request) {
      case NodeMessage.Join join -> {
        local.join(name, join.options().target(), join.rooms());
        done(name, join.requestId());
      }
      case NodeMessage.Leave leave -> {
        local.leave(name, leave.options().target(), leave.rooms());
        done(name, leave.requestId());
      }
      case NodeMessage.Disconnect disconnect -> {
        local.disconnect(name, disconnect.options().target(), disconnect.close());
        done(name, disconnect.requestId());
      }
      case NodeMessage.SocketsRequest asked -> {
        List<String> ids = new ArrayList<>();
        local.fetch(name, asked.options().target()).forEach(socket -> ids.add(socket.id()));
        respond(name, NodeWriter.socketsResponse(asked.requestId(), ids));
      }
      case NodeMessage.RoomsRequest asked ->
          respond(name, NodeWriter.roomsResponse(asked.requestId(), local.rooms(name)));
      case NodeMessage.FetchRequest asked ->
          respond(
              name,
              NodeWriter.fetchResponse(
                  asked.requestId(), local.fetch(name, asked.options().target())));
      case NodeMessage.ServerSideEmit said -> {
        String requestId = said.requestId();
        local.serverSide(
            name,
            said.event(),
            answer -> {
              if (requestId != null) {
                respond(name, NodeWriter.serverSideResponse(requestId, answer));
              }
            });
      }
      case NodeMessage.AckRequest asked -> ask(name, asked);
    }
  }

  private void done(String name, @Nullable String requestId) {
    if (requestId != null) {
      respond(name, NodeWriter.done(requestId));
    }
  }

  private void ask(String name, NodeMessage.AckRequest asked) {
    Duration timeout = asked.options().timeout();
    local.ask(
        name,
        asked.options().target(),
        asked.options().emission(),
        asked.event(),
        timeout == null ? ACK_TIMEOUT : timeout,
        new LocalSockets.Replier() {
          @Override
          public void asks(int sockets) {
            respond(name, NodeWriter.countResponse(asked.requestId(), sockets, serving(name)));
          }

          @Override
          public void answered(RawArguments arguments) {
            respond(name, NodeWriter.ackResponse(asked.requestId(), arguments.data()));
          }
        });
  }
}
