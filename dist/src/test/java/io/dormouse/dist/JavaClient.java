package io.dormouse.dist;

import io.socket.client.Ack;
import io.socket.client.IO;
import io.socket.client.Manager;
import io.socket.client.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The official Java client: one connection, its sockets, and what each has heard. */
final class JavaClient implements AutoCloseable {
  static final int SECONDS = 10;

  private final Manager manager;
  private final List<Socket> sockets = new ArrayList<>();
  private final Map<String, BlockingQueue<Object[]>> heard = new ConcurrentHashMap<>();

  JavaClient(String url, String... transports) {
    IO.Options options = new IO.Options();
    options.transports = transports;
    options.reconnectionDelay = 20;
    options.reconnectionDelayMax = 100;
    manager = new Manager(URI.create(url), options);
  }

  /** A socket that records these events, not connected yet. */
  Socket socket(String namespace, @Nullable Map<String, String> auth, String... events) {
    Manager.Options options = new Manager.Options();
    options.auth = auth;
    Socket socket = manager.socket(namespace, options);
    sockets.add(socket);
    for (String event : events) {
      BlockingQueue<Object[]> queue = queue(namespace, event);
      socket.on(event, queue::add);
    }
    return socket;
  }

  /** Connects a socket that records these events, and waits until it is. */
  Socket connect(String namespace, @Nullable Map<String, String> auth, String... events)
      throws InterruptedException {
    Socket socket = socket(namespace, auth, events);
    BlockingQueue<Object[]> queue = queue(namespace, Socket.EVENT_CONNECT);
    socket.on(Socket.EVENT_CONNECT, queue::add);
    socket.connect();
    next(namespace, Socket.EVENT_CONNECT);
    return socket;
  }

  /** The arguments of the next event of this name. */
  Object[] next(String namespace, String event) throws InterruptedException {
    Object[] arguments = queue(namespace, event).poll(SECONDS, TimeUnit.SECONDS);
    if (arguments == null) {
      throw new AssertionError("No '" + event + "' in " + namespace);
    }
    return arguments;
  }

  /** Emits and waits for the ack's arguments. */
  static Object[] call(Socket socket, String event, Object... arguments) throws Exception {
    CompletableFuture<Object[]> answer = new CompletableFuture<>();
    socket.emit(event, arguments, (Ack) answer::complete);
    return answer.get(SECONDS, TimeUnit.SECONDS);
  }

  private BlockingQueue<Object[]> queue(String namespace, String event) {
    return heard.computeIfAbsent(namespace + " " + event, key -> new LinkedBlockingQueue<>());
  }

  @Override
  public void close() {
    sockets.forEach(Socket::close);
  }
}
