package io.dormouse.host.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PluginsCommandTest {
  private static final String CHAT =
      """
      {'id':'chat','version':'1.5.0','digest':'ab12','formerDigest':'cd34','jar':'chat.jar',
       'origin':'UPLOAD','state':'ACTIVE','namespaces':['/chat','/rooms'],'page':true,
       'lastError':null,'operation':null,'sockets':12,'leases':1,'wakes':3,
       'changed':'2026-03-04T11:57:00Z','generations':[
         {'number':7,'version':'1.5.0','state':'CURRENT','since':'2026-03-04T11:57:00Z','reason':null,'leakCauses':[]},
         {'number':6,'version':'1.4.0','state':'LEAKED','since':'2026-03-04T09:00:00Z','reason':null,
          'leakCauses':["thread 'chat-poller'",'MBean a:b=c']},
         {'number':5,'version':'1.3.0','state':'QUARANTINED','since':'2026-03-01T09:00:00Z','reason':'probe failed','leakCauses':[]}]}
      """
          .replace("thread 'chat-poller'", "thread chat-poller");

  private static final String BROKEN =
      "{'id':null,'version':null,'jar':'bad.jar','state':'QUARANTINED','namespaces':[],'sockets':0,"
          + "'lastError':'bad.jar is no zip [PLUGIN_BAD_JAR]','changed':null,'generations':[]}";

  private final FakeHost host = new FakeHost();

  @AfterEach
  void close() {
    host.close();
  }

  @Test
  void listsThem() {
    String gone = "{'id':'other','state':'DISABLED','lastError':'It is gone'}";
    host.on("GET /plugins", "{'plugins':[" + CHAT + "," + BROKEN + "," + gone + "]}");
    assertThat(host.run("plugins"))
        .isEqualTo(
            new FakeHost.Outcome(
                0,
                """
                ID       VERSION  STATE        NAMESPACES    SOCKETS  CHANGED
                chat     1.5.0    ACTIVE       /chat /rooms  12       3m
                bad.jar           QUARANTINED                0
                other             DISABLED

                bad.jar is no zip [PLUGIN_BAD_JAR]

                other: It is gone
                """,
                ""));
  }

  @Test
  void tellsWhatIsBeingDoneWithOne() {
    String busy = CHAT.replace("'operation':null", "'operation':'replace'");
    host.on("GET /plugins", "{'plugins':[" + busy + "]}");
    assertThat(host.run("plugins").output()).contains("  ACTIVE (replace)  /chat");
  }

  @Test
  void saysWhatToDoWhenThereAreNone() {
    host.on("GET /plugins", "{'plugins':[]}");
    assertThat(host.run("plugins").output()).contains("dormouse deploy FILE");
  }

  @Test
  void tellsAllAboutOne() {
    host.on("GET /plugins/chat", CHAT);
    assertThat(host.run("plugins", "chat").output())
        .isEqualTo(
            """
            chat 1.5.0
              state       ACTIVE
              namespaces  /chat /rooms
              sockets     12
              leases      1
              wakes       3
              page        /plugins/chat/
              changed     3m ago
              jar         chat.jar
              from        UPLOAD
              digest      ab12
              former      cd34

              GENERATION  VERSION  STATE        SINCE  REASON
              7           1.5.0    CURRENT      3m
              6           1.4.0    LEAKED       3h     held by thread chat-poller, MBean a:b=c
              5           1.3.0    QUARANTINED  3d     probe failed
            """);
  }

  @Test
  void printsTheHostsJsonAsItIs() {
    host.on("GET /plugins/chat", CHAT);
    String json = CHAT.replace('\'', '"').strip() + "\n";
    assertThat(host.run("plugins", "chat", "--json").output()).isEqualTo(json);
  }

  @Test
  void escapesTheId() {
    host.run("plugins", "a b/../c?d");
    assertThat(host.requestLines()).containsExactly("GET /plugins/a%20b%2F..%2Fc%3Fd");
  }

  @Test
  void cutsNamespacesToTheTerminal() {
    host.on("GET /plugins", "{'plugins':[" + CHAT + "]}");
    host.columns = 52;
    assertThat(host.run("plugins").output())
        .contains("chat  1.5.0    ACTIVE  /chat /r...  12       3m\n")
        .doesNotContain("\033");
  }

  @Test
  void paintsStatesWhereItMay() {
    host.on("GET /plugins", "{'plugins':[" + CHAT + "]}");
    host.columns = 80;
    host.colours = true;
    assertThat(host.run("plugins").output()).contains("\033[32mACTIVE\033[m  /chat");
    assertThat(host.run("plugins", "--json").output()).doesNotContain("\033");
  }

  @Test
  void reloadWithoutAnIdLooksAtTheFolder() {
    host.on("POST /reload", "{'plugins':[" + CHAT + "]}");
    assertThat(host.run("reload").output()).contains("chat  1.5.0");
  }

  @Test
  void operationsTellHowThePluginStands() {
    for (String word : new String[] {"reload", "rollback", "wake", "enable"}) {
      host.on("POST /plugins/chat/" + word, CHAT);
      assertThat(host.run(word, "chat"))
          .isEqualTo(new FakeHost.Outcome(0, "chat 1.5.0 is active (generation 7)\n", ""));
    }
    assertThat(host.request(0).body()).isEmpty();
    assertThat(host.request(0).header("Content-Type")).isEmpty();
    String asleep = CHAT.replace("ACTIVE", "HIBERNATED");
    host.on("POST /plugins/chat/hibernate", asleep);
    assertThat(host.run("hibernate", "chat").output()).isEqualTo("chat 1.5.0 is hibernated\n");
    host.on("POST /plugins/chat/disable", asleep.replace("HIBERNATED", "DISABLED"));
    assertThat(host.run("disable", "chat").output()).isEqualTo("chat 1.5.0 is disabled\n");
    host.on("DELETE /plugins/chat", 204, "application/json", "");
    assertThat(host.run("remove", "chat").output()).isEqualTo("chat is removed\n");
    assertThat(host.run("remove", "chat", "--json").output()).isEmpty();
  }

  @Test
  void leaksListsTheVerdicts() {
    host.on("POST /leaks", "{'plugins':[" + CHAT + "," + BROKEN + "]}");
    assertThat(host.run("leaks").output())
        .isEqualTo(
            """
            PLUGIN  GENERATION  VERSION  VERDICT  SINCE  CAUSE
            chat    6           1.4.0    LEAKED   3h     thread chat-poller, MBean a:b=c
            """);
    host.on("POST /leaks", "{'plugins':[" + BROKEN + "]}");
    assertThat(host.run("leaks").output()).isEqualTo("No generation has been retired yet\n");
  }
}
