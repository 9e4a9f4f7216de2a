// SPDX-License-Identifier: Apache-2.0
package io.edgewise.demo.shell;

import io.edgewise.demo.DemoOptions;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Where everything that a demo keeps lives. Locked while a demo runs: two of them would share a spool.
final class DataFolder implements AutoCloseable {
    private final Path folder;
    private final boolean ephemeral;
    private final FileChannel channel;
    private final FileLock lock;

    private DataFolder(Path folder, boolean ephemeral, FileChannel channel, FileLock lock) {
        this.folder = folder;
        this.ephemeral = ephemeral;
        this.channel = channel;
        this.lock = lock;
    }

    static DataFolder open(DemoOptions options) throws DemoFailure {
        Path folder = options.data().toAbsolutePath().normalize();
        try {
            if (options.ephemeral()) {
                folder = Files.createTempDirectory("edgewise-demo-");
            }
            for (String part : List.of("devices", "logs")) {
                Files.createDirectories(folder.resolve(part));
            }
            return lock(folder, options.ephemeral());
        } catch (IOException e) {
            throw new DemoFailure(
                    "cannot use the data folder " + folder + ": " + e + "; choose a writable one with --data", e);
        }
    }

    private static DataFolder lock(Path folder, boolean ephemeral) throws IOException, DemoFailure {
        FileChannel channel =
                FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = tryLock(channel);
        if (lock == null) {
            channel.close();
            throw new DemoFailure("another demo runs in " + folder
                    + "; stop it (Ctrl-C in its terminal), or choose another folder with --data or --ephemeral");
        }
        return new DataFolder(folder, ephemeral, channel, lock);
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    Path folder() {
        return folder;
    }

    Path secrets() {
        return folder.resolve("secrets");
    }

    Path devices() {
        return folder.resolve("devices");
    }

    Path serverLog() {
        return folder.resolve("logs").resolve("server.log");
    }

    /// Holds the process number of the running server.
    Path serverPid() {
        return folder.resolve("server.pid");
    }

    @Override
    public void close() throws IOException {
        lock.release();
        channel.close();
        if (ephemeral) {
            remove(folder);
        }
    }

    private static void remove(Path folder) throws IOException {
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
