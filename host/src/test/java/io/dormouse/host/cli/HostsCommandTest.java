package io.dormouse.host.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HostsCommandTest {
  private final FakeHost host = new FakeHost();

  @AfterEach
  void close() {
    host.close();
  }

  @Test
  void listsThemAndWhatAHostCouldNotDo() {
    host.on(
        "GET /hosts",
        """
        {'self':'ab12','hosts':[
          {'id':'ab12','name':'one:5000','version':'0.1.0','started':'2026-03-04T11:00:00Z',
           'alive':true,'state':'draining','sockets':12,'plugins':[{'id':'chat','state':'active'}]},
          {'id':'cd34','name':'two:5000','version':'0.1.0','started':'2026-03-04T11:57:00Z',
           'alive':false,'sockets':3,
           'plugins':[{'id':'chat','state':'active','error':'Plugin chat did not start'}]}]}
        """);
    assertThat(host.run("hosts"))
        .isEqualTo(
            new FakeHost.Outcome(
                0,
                """
                NAME      ID    VERSION  STATE     SOCKETS  PLUGINS  STARTED
                one:5000  ab12  0.1.0    DRAINING  12       1        60m
                two:5000  cd34  0.1.0    SILENT    3        1 (1 !)  3m

                two:5000: Plugin chat did not start
                """,
                ""));
  }
}
