// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// ONNX Runtime kills a process with a long command line when it starts on a thread with a usual stack.
final class LongCommandLineTest {
    @Test
    void startsInAProcessWithAClassPathOfManyKilobytes() throws IOException, InterruptedException {
        String padding = "-Dpadding=" + "p".repeat(60_000);
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        padding,
                        "-cp",
                        System.getProperty("java.class.path"),
                        Child.class.getName())
                .redirectErrorStream(true)
                .start();
        String output = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(child.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(output).contains("started");
        assertThat(child.exitValue()).isZero();
    }

    static final class Child {
        private Child() {}

        public static void main(String[] args) throws IOException {
            System.out.println("started " + Environment.get().getVersion());
        }
    }
}
