package io.dormouse.dist;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * 500 official clients behind a balancer that brings each request to the next host, whatever its
 * session: half of them poll, half upgrade, and nobody notices.
 */
class BalancerIT {
  private static final int CLIENTS = 500;
  private static final int EVENTS = 10;

  @ParameterizedTest
  @CsvSource({
    "haproxy-round-robin.cfg, 2",
    "haproxy-round-robin.cfg, 3",
    "nginx-round-robin.conf, 2",
    "nginx-round-robin.conf, 3"
  })
  void noClientNoticesThatNobodyIsPinned(String configuration, int count) throws Exception {
    try (Cluster cluster = new Cluster(Redis.start(), count);
        Balancer balancer = Balancer.start(configuration, cluster.hosts())) {
      nobodyNotices(balancer);
      for (Admin admin : admins(cluster)) {
        String requests = "dormouse_forwarded_requests_total{kind=\"%s\",outcome=\"%s\"";
        for (String kind : List.of("get", "post", "upgrade")) {
          assertThat(admin.metric(requests.formatted(kind, "ANSWERED"))).as(kind).isPositive();
          assertThat(admin.metric(requests.formatted(kind, "UNREACHABLE"))).as(kind).isZero();
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"haproxy.cfg", "nginx.conf"})
  void aBalancerThatKnowsTheHostLeavesNothingToForward(String configuration) throws Exception {
    try (Cluster cluster = new Cluster(Redis.start(), 3);
        Balancer balancer = Balancer.start(configuration, cluster.hosts())) {
      nobodyNotices(balancer);
      for (Admin admin : admins(cluster)) {
        assertThat(admin.metric("dormouse_sessions_opened_total")).isGreaterThan(CLIENTS / 10);
        assertThat(admin.metric("dormouse_forwarded_requests_total")).isZero();
      }
    }
  }

  private static void nobodyNotices(Balancer balancer) throws IOException {
    String output =
        Peer.run(
            Peer.JS,
            Map.of(
                "DORMOUSE_URL",
                balancer.url(),
                "CLIENTS",
                Integer.toString(CLIENTS),
                "EVENTS",
                Integer.toString(EVENTS)),
            List.of(Peer.node(), "balanced.js"));
    JsonNode result = new ObjectMapper().readTree(output.lines().toList().getLast());
    assertThat(result)
        .as(output)
        .isEqualTo(
            new ObjectMapper()
                .createObjectNode()
                .put("clients", CLIENTS)
                .put("answered", CLIENTS * EVENTS)
                .put("upgraded", CLIENTS / 2)
                .put("disconnects", 0)
                .put("unanswered", 0)
                .put("disorder", 0)
                .put("unheard", 0)
                .put("misheard", 0));
  }

  private static List<Admin> admins(Cluster cluster) throws IOException {
    List<Admin> admins = new ArrayList<>();
    for (DormouseProcess host : cluster.hosts()) {
      admins.add(new Admin(host));
    }
    return admins;
  }
}
