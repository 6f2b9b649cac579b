package io.dormouse.host.namespace;

import static io.dormouse.host.namespace.NamespaceErrorCode.HANDLER_FAILED;

import io.dormouse.api.AnyHandler;
import io.dormouse.api.Arguments;
import io.dormouse.api.ConnectHandler;
import io.dormouse.api.ConnectionRefused;
import io.dormouse.api.DisconnectHandler;
import io.dormouse.api.DisconnectReason;
import io.dormouse.api.EventError;
import io.dormouse.api.Socket;
import io.dormouse.host.protocol.EncodedPacket;
import io.dormouse.host.protocol.Encoder;
import io.dormouse.host.protocol.Packet;
import io.dormouse.host.protocol.ValueCodec;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * What a socket's inbox does with its items: calls the handlers that serve the namespace at that
 * moment, and turns whatever they throw into an answer and a line in the log.
 */
final class Handling {
  private static final Logger LOG = LoggerFactory.getLogger("io.dormouse.host.namespace");
  private static final String FAILED = "Plugin '{}': the handler of '{}' failed. [{}]";
  private static final String CONNECT = "connect";
  private static final String DISCONNECT = "disconnect";

  private final ServerSocket socket;
  private volatile boolean entered;
  private volatile boolean leaving;

  Handling(ServerSocket socket) {
    this.socket = socket;
  }

  private record Joining(Handling handling) implements Inbox.Item {
    @Override
    public int size() {
      return 0;
    }

    @Override
    public void handle(Run run) {
      handling.join(run);
    }
  }

  private record Leaving(Handling handling, DisconnectReason reason) implements Inbox.Item {
    @Override
    public int size() {
      return 0;
    }

    @Override
    public void handle(Run run) {
      handling.leave(reason, run);
    }

    @Override
    public Lease lease(LiveNamespace namespace) throws InterruptedException {
      return handling.entered ? namespace.leaseToLeave() : Lease.NONE;
    }
  }

  private record Event(Handling handling, Packet.Event event, int size) implements Inbox.Item {
    @Override
    public void handle(Run run) {
      handling.call(event, run);
    }
  }

  Inbox.Item joining() {
    return new Joining(this);
  }

  Inbox.Item leaving(DisconnectReason reason) {
    return new Leaving(this, reason);
  }

  Inbox.Item event(Packet.Event event, int size) {
    return new Event(this, event, size);
  }

  private void join(Run run) {
    LiveNamespace namespace = socket.live();
    Handlers handlers = run.handlers();
    if (!socket.connected()) {
      return;
    }
    if (handlers == null) {
      refuse(NamespaceErrorCode.UNAVAILABLE);
      return;
    }
    Socket view = run.view();
    HandlerCall call = new HandlerCall(socket, CONNECT, -1);
    run.begin(call);
    try {
      History history = socket.history();
      if (history == null || !namespace.all().recovery().restore(socket, history)) {
        for (ConnectHandler middleware : handlers.middleware()) {
          middleware.handle(view, view.handshake());
        }
        socket.enter();
      }
      if (namespace.isClosing()) {
        refuse(NamespaceErrorCode.NAMESPACE_UNKNOWN);
        return;
      }
      if (handlers.connect() != null) {
        handlers.connect().handle(view, view.handshake());
      }
      if (run.isAbandoned()) {
        return;
      }
      entered = true;
      socket.accept();
      namespace.all().meters().joined(namespace.pluginId());
      namespace.all().tell(socket.status(), SocketListener::connected);
      LOG.atInfo()
          .addKeyValue("session", socket.session())
          .addKeyValue("namespace", socket.name())
          .log("Joined");
    } catch (ConnectionRefused refused) {
      refuse(refused, handlers);
    } catch (Throwable failure) {
      refuse(NamespaceErrorCode.CONNECT_FAILED);
      failed(CONNECT, failure, run);
    } finally {
      run.end();
    }
  }

  private void refuse(ConnectionRefused refused, Handlers handlers) {
    EncodedPacket answer;
    try {
      answer =
          Encoder.connectError(
              socket.name(), refused.getMessage(), refused.data(), handlers.owner().codec());
    } catch (IllegalArgumentException unwritable) {
      LOG.atWarn()
          .addKeyValue("namespace", socket.name())
          .log("The data of a refusal is left out: {}", unwritable.getMessage());
      answer = Encoder.connectError(socket.name(), refused.getMessage());
    }
    refuse(answer, refused.getMessage());
  }

  private void refuse(NamespaceErrorCode code) {
    refuse(Encoder.connectError(socket.name(), code.message()), code.message());
  }

  private void refuse(EncodedPacket answer, String why) {
    LOG.atInfo()
        .addKeyValue("session", socket.session())
        .addKeyValue("namespace", socket.name())
        .log("Connect refused: {}", why);
    if (socket.isAccepted()) {
      socket.disconnect();
    } else {
      socket.refuse(answer);
    }
  }

  private void call(Packet.Event event, Run run) {
    Handlers handlers = run.handlers();
    if (handlers == null) {
      socket.live().all().meters().refused(NamespaceErrorCode.UNAVAILABLE);
      new HandlerCall(socket, event.name(), event.id()).fail(NamespaceErrorCode.UNAVAILABLE);
      return;
    }
    if (!entered) {
      return;
    }
    ValueCodec codec = handlers.owner().codec();
    HandlerCall call = new HandlerCall(socket, event.name(), event.id(), codec);
    run.begin(call);
    try {
      dispatch(run.view(), handlers, call, codec.arguments(event.arguments()));
    } catch (EventError error) {
      call.fail(error);
    } catch (Throwable failure) {
      call.fail(HANDLER_FAILED);
      failed(event.name(), failure, run);
    } finally {
      run.end();
    }
  }

  private static void dispatch(
      Socket socket, Handlers handlers, HandlerCall call, Arguments arguments) throws Exception {
    for (AnyHandler middleware : handlers.eventMiddleware()) {
      middleware.handle(socket, call.event(), arguments);
    }
    Handlers.Call handler = handlers.events().get(call.event());
    if (handler != null) {
      call.answer(handler.call(socket, arguments));
    } else if (handlers.any() != null) {
      handlers.any().handle(socket, call.event(), arguments);
      call.answer(Handlers.NO_VALUE);
    }
  }

  private void leave(DisconnectReason reason, Run run) {
    LiveNamespace namespace = socket.live();
    Handlers handlers = run.handlers();
    leaving = true;
    if (handlers != null && entered) {
      tell(handlers.disconnecting(), reason, run);
    }
    if (run.isAbandoned()) {
      return;
    }
    SocketStatus left = socket.status();
    namespace.adapter().remove(socket);
    if (handlers != null && entered) {
      tell(handlers.disconnect(), reason, run);
    }
    if (run.isAbandoned()) {
      return;
    }
    if (entered) {
      LOG.atInfo()
          .addKeyValue("session", socket.session())
          .addKeyValue("namespace", socket.name())
          .log("Left: {}", reason);
      namespace.all().tell(left, SocketListener::disconnected);
    }
    namespace.all().exit(namespace);
  }

  private void tell(@Nullable DisconnectHandler handler, DisconnectReason reason, Run run) {
    if (handler == null) {
      return;
    }
    run.begin(new HandlerCall(socket, DISCONNECT, -1));
    try {
      handler.handle(run.view(), reason);
    } catch (Throwable failure) {
      failed(DISCONNECT, failure, run);
    } finally {
      run.end();
    }
  }

  private void failed(String event, Throwable failure, Run run) {
    String pluginId = socket.live().pluginId();
    if (run.wasInterrupted()) {
      LOG.atDebug().addKeyValue("plugin", pluginId).log("Handler of '{}' ended", event);
      return;
    }
    socket.live().all().meters().failed(pluginId, HANDLER_FAILED);
    Handlers handlers = run.handlers();
    if (handlers != null) {
      handlers.owner().failed();
    }
    try {
      log(pluginId).setCause(failure).log(FAILED, pluginId, event, HANDLER_FAILED);
    } catch (Throwable unspeakable) {
      // Its own methods throw, so that only its class can be told.
      log(pluginId)
          .addKeyValue("exception", failure.getClass().getName())
          .log(FAILED, pluginId, event, HANDLER_FAILED);
    }
  }

  private LoggingEventBuilder log(String pluginId) {
    return LOG.atError().addKeyValue("plugin", pluginId).addKeyValue("namespace", socket.name());
  }

  /**
   * A handler's thread was given up: in the middle of joining the client is refused, in the middle
   * of leaving the socket goes all the same.
   */
  void givenUp() {
    if (leaving) {
      socket.live().adapter().remove(socket);
      socket.live().all().exit(socket.live());
    } else if (!entered && socket.connected()) {
      refuse(NamespaceErrorCode.CONNECT_FAILED);
    }
  }
}
