package io.dormouse.dist;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
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
  private static final String REQUESTS = "dormouse_forwarded_requests_total";
  private static final String SESSIONS = "dormouse_sessions_opened_total";
  private static final List<String> KINDS = List.of("get", "post", "upgrade");

  private static Cluster cluster;

  /** Three hosts; a balancer may know two of them. */
  @BeforeAll
  static void start() {
    Peer.assumeWanted("balancers");
    cluster = new Cluster(Redis.start(), 3);
  }

  @AfterAll
  static void stop() {
    if (cluster != null) {
      cluster.close();
    }
  }

  private static List<DormouseProcess> hosts(int count) {
    return cluster.hosts().subList(0, count);
  }

  @ParameterizedTest
  @CsvSource({
    "haproxy-round-robin.cfg, 2",
    "haproxy-round-robin.cfg, 3",
    "nginx-round-robin.conf, 2",
    "nginx-round-robin.conf, 3"
  })
  void noClientNoticesThatNobodyIsPinned(String configuration, int count) throws Exception {
    List<Counts> before = counts(count);
    try (Balancer balancer = Balancer.start(configuration, hosts(count))) {
      nobodyNotices(balancer, CLIENTS);
    }
    List<Counts> after = counts(count);
    for (int host = 0; host < count; host++) {
      for (String kind : KINDS) {
        assertThat(after.get(host).forwarded(kind))
            .as("%s that host %d has forwarded", kind, host)
            .isGreaterThan(before.get(host).forwarded(kind));
      }
      assertThat(after.get(host).unreachable()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"haproxy.cfg", "nginx.conf"})
  void aBalancerThatKnowsTheHostLeavesNothingToForward(String configuration) throws Exception {
    int clients = CLIENTS / 5;
    List<Counts> before = counts(3);
    try (Balancer balancer = Balancer.start(configuration, hosts(3))) {
      nobodyNotices(balancer, clients);
    }
    List<Counts> after = counts(3);
    for (int host = 0; host < 3; host++) {
      assertThat(after.get(host).opened() - before.get(host).opened())
          .isGreaterThan(clients / 10.0);
      for (String kind : KINDS) {
        assertThat(after.get(host).forwarded(kind)).isEqualTo(before.get(host).forwarded(kind));
      }
    }
  }

  /** What a host has counted since it started. */
  private record Counts(Map<String, Double> forwardedByKind, double unreachable, double opened) {
    static Counts of(DormouseProcess host) throws IOException, InterruptedException {
      Admin admin = new Admin(host);
      Map<String, Double> forwarded = new HashMap<>();
      double unreachable = 0;
      for (String kind : KINDS) {
        String requests = REQUESTS + "{kind=\"" + kind + "\",outcome=\"";
        forwarded.put(kind, admin.metric(requests + "ANSWERED\""));
        unreachable += admin.metric(requests + "UNREACHABLE\"");
      }
      return new Counts(forwarded, unreachable, admin.metric(SESSIONS));
    }

    double forwarded(String kind) {
      return forwardedByKind.get(kind);
    }
  }

  private static List<Counts> counts(int hosts) throws IOException, InterruptedException {
    List<Counts> counts = new ArrayList<>();
    for (DormouseProcess host : hosts(hosts)) {
      counts.add(Counts.of(host));
    }
    return counts;
  }

  private static void nobodyNotices(Balancer balancer, int clients) throws IOException {
    String output =
        Peer.run(
            Peer.JS,
            Map.of(
                "DORMOUSE_URL",
                balancer.url(),
                "CLIENTS",
                Integer.toString(clients),
                "EVENTS",
                Integer.toString(EVENTS)),
            List.of(Peer.node(), "balanced.js"));
    JsonNode result = new ObjectMapper().readTree(output.lines().toList().getLast());
    assertThat(result)
        .as(output)
        .isEqualTo(
            new ObjectMapper()
                .createObjectNode()
                .put("clients", clients)
                .put("answered", clients * EVENTS)
                .put("upgraded", clients / 2)
                .put("disconnects", 0)
                .put("unanswered", 0)
                .put("disorder", 0)
                .put("unheard", 0)
                .put("misheard", 0));
  }
}
