package io.dormouse.host.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import io.dormouse.host.plugin.LeakFixture.Retired;
import io.dormouse.host.plugin.LeakWatch.State;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeakWatchTest {
  @TempDir Path folder;
  private LeakFixture plugins;

  @BeforeEach
  void open() {
    plugins = new LeakFixture(folder);
  }

  @AfterEach
  void close() {
    plugins.close();
  }

  @Test
  void tellsThatAnHonestPluginIsCollected() {
    Retired retired = plugins.retire(plugins.jar(""));

    plugins.watch.checkNow();

    assertThat(retired.verdicts()).hasSize(1);
    assertThat(retired.last().state()).isEqualTo(State.COLLECTED);
  }
}
