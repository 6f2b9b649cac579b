package io.dormouse.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.dormouse.api.Arguments;
import io.dormouse.api.EventError;
import io.dormouse.api.Namespace;
import io.dormouse.api.Payload;
import io.dormouse.api.Plugin;
import io.dormouse.test.TestClient;
import io.dormouse.test.TestHost;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PayloadExample {
  @Test
  void aPayloadIsReadAsWhatItSaysItIs() {
    Plugin plugin =
        context -> {
          Namespace shapes = context.namespace("/shapes");
          // @start region="payload"
          record Circle(double radius) {
            double area() {
              return Math.PI * radius * radius;
            }
          }

          record Box(double width, double height) {
            double area() {
              return width * height;
            }
          }

          shapes.onWithAck(
              "area",
              Payload.class,
              (socket, shape) ->
                  switch (shape.text("kind")) {
                    case "circle" -> shape.as(Circle.class).area();
                    case "box" -> shape.get("size").as(Box.class).area();
                    case null, default -> throw new EventError("bad_kind", "No such shape.");
                  });
          // @end
        };
    try (TestHost host = TestHost.of(() -> plugin)) {
      TestClient ada = host.connect("/shapes");
      assertThat(ada.emitWithAck("area", Map.of("kind", "circle", "radius", 1))).isEqualTo(Math.PI);
      Map<String, ?> size = Map.of("width", 2, "height", 3.5);
      assertThat(ada.emitWithAck("area", Map.of("kind", "box", "size", size))).isEqualTo(7.0);
      assertThat(ada.emitWithAck("area", Map.of("kind", "box"))).asString().contains("bad_payload");
      assertThat(ada.emitWithAck("area", "tea")).asString().contains("bad_kind");
    }
  }

  @Test
  void argumentsAreAllOfThem() {
    Plugin plugin =
        context -> {
          Namespace sums = context.namespace("/sums");
          // @start region="arguments"
          // The client: await socket.emitWithAck("sum", 1, 2, 3)
          sums.onWithAck(
              "sum",
              Arguments.class,
              (socket, numbers) -> {
                int sum = 0;
                for (int i = 0; i < numbers.size(); i++) {
                  sum += numbers.get(i, int.class);
                }
                return sum;
              });
          // @end
        };
    try (TestHost host = TestHost.of(() -> plugin)) {
      TestClient ada = host.connect("/sums");
      assertThat(ada.emitWithAck("sum", 1, 2, 3)).isEqualTo(6);
      assertThat(ada.emitWithAck("sum")).isEqualTo(0);
      assertThat(ada.emitWithAck("sum", 1, "two")).asString().contains("bad_payload");
    }
  }
}
