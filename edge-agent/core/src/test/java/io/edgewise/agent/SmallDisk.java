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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/// Runs a program whose data folder is a disk of its own, a small one or one that cannot be written, which
/// only it sees: a mount of its own, in a user namespace of its own; or a slow one. Where the system does
/// not allow that, the test is skipped.
public final class SmallDisk {
    private static final int BLOCK = 4_096;

    private SmallDisk() {}

    /// Its folder is the program's only argument; it is expected to end with 0. What it prints is returned.
    public static String run(Class<?> program, Path folder, String options) throws IOException, InterruptedException {
        String mount = "mount -t tmpfs -o " + options + " small \"$0\"";
        assumeThat(start(List.of("sh", "-c", mount, folder.toString()), folder).waitFor())
                .as("this system lets nobody mount a disk of his own")
                .isZero();
        List<String> command = new ArrayList<>(List.of("sh", "-c", mount + " && exec \"$@\"", folder.toString()));
        command.addAll(java(program, folder));
        return said(start(command, folder), folder);
    }

    /// The same on the disk of this folder, each sync of which takes so long. Where nobody has `strace`, the
    /// test is skipped.
    static String runSlowly(Class<?> program, Path folder, Duration sync) throws IOException, InterruptedException {
        List<String> strace = List.of(
                "strace",
                "-f",
                "--seccomp-bpf",
                "-o",
                "/dev/null",
                "-e",
                "trace=fsync,fdatasync",
                "-e",
                "inject=fsync,fdatasync:delay_enter=" + sync.toNanos() / 1_000);
        List<String> nothing = new ArrayList<>(strace);
        nothing.add("true");
        assumeThat(begin(nothing, folder).waitFor())
                .as("this system lets nobody trace a process of his own")
                .isZero();
        List<String> command = new ArrayList<>(strace);
        command.addAll(java(program, folder));
        return said(begin(command, folder), folder);
    }

    private static List<String> java(Class<?> program, Path folder) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                program.getName(),
                folder.toString());
    }

    private static String said(Process child, Path folder) throws IOException, InterruptedException {
        assertThat(child.waitFor(120, TimeUnit.SECONDS))
                .as("it ends: %s", said(folder))
                .isTrue();
        assertThat(child.exitValue()).as(said(folder)).isZero();
        return said(folder);
    }

    private static Process start(List<String> command, Path folder) throws IOException {
        List<String> all = new ArrayList<>(List.of("unshare", "--user", "--map-root-user", "--mount"));
        all.addAll(command);
        return begin(all, folder);
    }

    private static Process begin(List<String> command, Path folder) throws IOException {
        try {
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output(folder).toFile())
                    .start();
        } catch (IOException e) {
            assumeThat(e).as("this system has no " + command.getFirst()).isNull();
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
