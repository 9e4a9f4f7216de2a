// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.shell;

import dev.hardwood.InputFile;
import io.edgewise.cli.table.BadInput;
import io.edgewise.cli.table.Table;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Opens the files that a user names. `-` is the standard input.
final class Inputs {
    private static final Path STANDARD = Path.of("-");
    private static final int MAGIC = 4;

    private Inputs() {}

    static Table open(Path file, Table.Options options, List<String> missing, Progress progress) {
        String name = file.equals(STANDARD) ? "standard input" : file.toString();
        Table table = isParquet(file)
                ? Table.parquet(name, new CountedFile(file, progress), () -> InputFile.of(file))
                : Table.open(name, stream(file, progress), options);
        table.rows().takeAsMissing(missing);
        return table;
    }

    /// False for what is no file; opening it says what is wrong.
    private static boolean isParquet(Path file) {
        if (!Files.isRegularFile(file)) {
            return false;
        }
        try (InputStream in = Files.newInputStream(file)) {
            return Table.isParquet(in.readNBytes(MAGIC));
        } catch (IOException e) {
            return false;
        }
    }

    private static InputStream stream(Path file, Progress progress) {
        if (file.equals(STANDARD)) {
            return progress.of(System.in, 0);
        }
        if (Files.isDirectory(file)) {
            throw new BadInput(file + " is a folder; give one file.");
        }
        if (!Files.exists(file)) {
            throw new BadInput("there is no file " + file + "; check its name and the folder you are in.");
        }
        try {
            return progress.of(Files.newInputStream(file), Files.isRegularFile(file) ? Files.size(file) : 0);
        } catch (IOException e) {
            throw new BadInput(file + " cannot be opened: " + e.getMessage(), e);
        }
    }
}
