// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.builds;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.agent.Fixture;
import io.edgewise.agent.orders.Keyring;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A model whose first native call takes the process down, in a process of its own.
final class CrashingModelTest {
    private static final String BUILD = "domain-hash";
    private static final int AS_IF_KILLED = 137;

    @TempDir
    Path folder = Path.of("");

    @Test
    void theAgentDiesOfItTwiceAndNoThirdTime() throws Exception {
        assertThat(start()).as(said()).isEqualTo(AS_IF_KILLED);
        assertThat(start()).as(said()).isEqualTo(AS_IF_KILLED);
        assertThat(said()).contains("challenger-crash build " + BUILD + " took the agent down", "1 times so far");

        assertThat(start()).as(said()).isZero();
        assertThat(said()).contains("2 times so far", "refused: crashed").doesNotContain("loading");
    }

    private String said() throws IOException {
        return Files.readString(folder.resolve("said.txt"), StandardCharsets.UTF_8);
    }

    private int start() throws IOException, InterruptedException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Device.class.getName(),
                        folder.resolve("builds").toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("said.txt").toFile())
                .start()
                .waitFor();
    }

    static final class Device {
        private Device() {}

        public static void main(String[] arguments) throws IOException {
            Workshop workshop = new Workshop().publish(Workshop.draft(BUILD));
            try (BuildKeeper keeper = BuildKeeper.open(
                    new BuildKeeper.Place(Path.of(arguments[0]), "default", Workshop.WORKLOAD, 100L << 20),
                    DeviceTraits.here(Map.of("onnxruntime", "1"), List.of("cpu")),
                    new BuildKeeper.Surroundings(
                            workshop,
                            (_, _, _, _) -> {
                                System.out.println("loading");
                                System.out.flush();
                                Runtime.getRuntime().halt(AS_IF_KILLED);
                                throw new IllegalStateException("the process lives on");
                            },
                            () -> Keyring.of(Fixture.KEYS.getPublic()),
                            () -> Fixture.NOW,
                            (event, detail) -> System.out.println(event + " " + detail)))) {
                var _ = keeper.obtain(BUILD);
            } catch (BuildRefusal e) {
                System.out.println("refused: " + e.code());
            }
        }
    }
}
