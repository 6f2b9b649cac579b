import com.corundumstudio.socketio.Configuration;
import com.corundumstudio.socketio.SocketIOServer;
import java.util.Map;

/** The three events of the load test on netty-socketio. Usage: java NettyApp PORT. */
public final class NettyApp {
  private NettyApp() {}

  public static void main(String[] args) throws InterruptedException {
    Configuration configuration = new Configuration();
    configuration.setHostname("127.0.0.1");
    configuration.setPort(Integer.parseInt(args[0]));

    SocketIOServer io = new SocketIOServer(configuration);
    io.addEventListener("echo", String.class, (client, x, ack) -> client.sendEvent("echo", x));
    io.addEventListener("ackme", String.class, (client, x, ack) -> ack.sendAckData(x));
    io.addEventListener(
        "message",
        String.class,
        (client, x, ack) ->
            io.getBroadcastOperations().sendEvent("response", Map.of("echo", x)));
    io.start();
    Thread.currentThread().join();
  }
}
