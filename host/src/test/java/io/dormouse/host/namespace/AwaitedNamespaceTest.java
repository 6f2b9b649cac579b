package io.dormouse.host.namespace;

import static io.dormouse.host.namespace.NamespaceFixture.handlers;
import static org.assertj.core.api.Assertions.assertThat;

import io.dormouse.host.namespace.NamespaceFixture.Client;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A client joins a namespace that another host serves already, and this one not yet. */
class AwaitedNamespaceTest {
  private final NamespaceFixture host = new NamespaceFixture(NamespaceFixture.strict());
  private final Set<String> elsewhere = ConcurrentHashMap.newKeySet();

  @BeforeEach
  void join() {
    host.namespaces.join(
        new Backplane() {
          @Override
          public boolean knows(String namespace) {
            return elsewhere.contains(namespace);
          }
        });
  }

  @AfterEach
  void close() {
    host.close();
  }

  @Test
  void joinsWhenItIsOpenedAndIsServedMeanwhile() {
    host.open("/", handlers());
    elsewhere.add("/new");
    Client client = host.client().send("40/new,{\"token\":1}").join();

    host.serve(
        java.util.Map.of(
            "/new",
            handlers()
                .connect((socket, handshake) -> socket.emit("auth", handshake.auth()))
                .of("other")));

    assertThat(client.next()).startsWith("40/new,{\"sid\":\"");
    assertThat(client.next()).isEqualTo("42/new,[\"auth\",{\"token\":1}]");
  }

  @Test
  void isRefusedWhenTheOtherHostDoesNotServeItAnyMore() {
    elsewhere.add("/new");
    Client client = host.client().send("40/new,");

    elsewhere.clear();

    assertThat(client.next()).isEqualTo("44/new,{\"message\":\"Invalid namespace\"}");
  }

  @Test
  void mayStopWaiting() {
    elsewhere.add("/new");
    Client client = host.client().send("40/new,").send("41/new,");
    host.open("/new", handlers());

    client.send("40/new,");

    assertThat(client.next()).startsWith("40/new,{\"sid\":\"");
    assertThat(host.namespaces.statuses().getFirst().sockets()).isEqualTo(1);
  }

  @Test
  void waitingCountsAgainstTheLimitOfNamespaces() {
    elsewhere.addAll(Set.of("/a", "/b", "/c", "/d", "/e"));
    Client client = host.client();
    int most = NamespaceFixture.strict().maxNamespaces();

    for (String name : java.util.List.of("/a", "/b", "/c", "/d", "/e").subList(0, most + 1)) {
      client.send("40" + name + ",");
    }

    assertThat(client.next()).startsWith("44/").doesNotContain("Invalid namespace");
  }
}
