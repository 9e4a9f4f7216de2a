// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/// Runs a program whose data folder is a disk of its own, a small one or one that cannot be written, which
/// only it sees: a mount of its own, in a user namespace of its own. Where the system does not allow that,
/// the test is skipped.
public final class SmallDisk {
    private static final int BLOCK = 4_096;

    private SmallDisk() {}

    /// Its folder is the program's only argument; it is expected to end with 0. What it prints is returned.
    public static String run(Class<?> program, Path folder, String options) throws IOException, InterruptedException {
        String mount = "mount -t tmpfs -o " + options + " small \"$0\"";
        assumeThat(start(List.of("sh", "-c", mount, folder.toString()), folder).waitFor())
                .as("this system lets nobody mount a disk of his own")
                .isZero();
        Process child = start(
                List.of(
                        "sh",
                        "-c",
                        mount + " && exec \"$@\"",
                        folder.toString(),
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        program.getName(),
                        folder.toString()),
                folder);
        assertThat(child.waitFor(120, TimeUnit.SECONDS))
                .as("it ends: %s", said(folder))
                .isTrue();
        assertThat(child.exitValue()).as(said(folder)).isZero();
        return said(folder);
    }

    private static Process start(List<String> command, Path folder) throws IOException {
        List<String> all = new ArrayList<>(List.of("unshare", "--user", "--map-root-user", "--mount"));
        all.addAll(command);
        try {
            return new ProcessBuilder(all)
                    .redirectErrorStream(true)
                    .redirectOutput(output(folder).toFile())
                    .start();
        } catch (IOException e) {
            assumeThat(e).as("this system has no unshare").isNull();
            throw e;
        }
    }

    private static Path output(Path folder) {
        return folder.resolveSibling(folder.getFileName() + "-said.txt");
    }

    private static String said(Path folder) throws IOException {
        return Files.readString(output(folder), StandardCharsets.UTF_8);
    }

    /// Takes all the room that is left on the disk of this folder.
    public static Path fill(Path folder) throws IOException {
        Path ballast = folder.resolve("ballast");
        byte[] block = new byte[BLOCK];
        new SplittableRandom(1).nextBytes(block);
        try (OutputStream out =
                Files.newOutputStream(ballast, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING)) {
            while (true) {
                out.write(block);
            }
        } catch (IOException e) {
            return ballast;
        }
    }
}
