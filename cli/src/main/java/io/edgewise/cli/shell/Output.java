// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.shell;

import io.edgewise.cli.table.BadInput;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// Where a report goes: to the terminal, or whole into a file. A file is written beside its place and moved there
/// when it is complete, so that nobody finds half of one.
final class Output {
    private Output() {}

    /// Refuses, before hours are spent on reading, what could not be written or would overwrite an input.
    static void check(Optional<Path> out, List<Path> inputs) {
        if (out.isEmpty()) {
            return;
        }
        Path file = out.get().toAbsolutePath().normalize();
        if (Files.isDirectory(file)) {
            throw new BadInput("--out " + out.get() + " is a folder; give a file's name.");
        }
        Path folder = file.getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw new BadInput("--out " + out.get() + ": there is no folder " + folder + "; create it first.");
        }
        for (Path input : inputs) {
            if (input.toAbsolutePath().normalize().equals(file)) {
                throw new BadInput("--out " + out.get() + " is one of the inputs; it would be overwritten.");
            }
        }
    }

    static void write(Optional<Path> out, String report, PrintWriter terminal) {
        if (out.isEmpty()) {
            terminal.print(report);
            terminal.flush();
            return;
        }
        write(out.get(), Output::open, half -> Files.writeString(half, report));
    }

    /// Writes into the file it is given; one that fails leaves nothing.
    interface Writing {
        void into(Path half) throws IOException;
    }

    /// Writes what only its owner may read: an export holds what people have asked.
    static void write(Path out, Writing writing) {
        write(out, (folder, name) -> Files.createTempFile(folder, name, ".part"), writing);
    }

    private interface Creating {
        Path in(Path folder, String name) throws IOException;
    }

    /// With the rights that the user's files have.
    private static Path open(Path folder, String name) throws IOException {
        return Files.createFile(folder.resolve(name + UUID.randomUUID() + ".part"));
    }

    private static void write(Path out, Creating creating, Writing writing) {
        Path file = out.toAbsolutePath().normalize();
        Path folder = Optional.ofNullable(file.getParent()).orElse(file);
        try {
            Path half = creating.in(folder, "." + file.getFileName());
            // Also where somebody interrupts us.
            half.toFile().deleteOnExit();
            try {
                writing.into(half);
                move(half, file);
            } finally {
                Files.deleteIfExists(half);
            }
        } catch (IOException e) {
            throw new BadInput("--out " + out + " cannot be written: " + e.getMessage(), e);
        }
    }

    private static void move(Path half, Path file) throws IOException {
        try {
            Files.move(half, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(half, file, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
