// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.shell;

import io.edgewise.cli.table.Table;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Options of every command that reads tables and writes a report.
final class FileOptions {
    static final String FILES =
            "Files are CSV, TSV or JSON lines, each also compressed with gzip, or Parquet; \"-\" is the "
                    + "standard input.";

    @Mixin
    TableOptions tables = new TableOptions();

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description = "${COMPLETION-CANDIDATES}; by the name of --out otherwise, else text.")
    Optional<Format> format = Optional.empty();

    @Option(names = "--out", paramLabel = "FILE", description = "Write the report there instead of to the terminal.")
    Optional<Path> out = Optional.empty();

    Table.Options table() {
        return tables.table();
    }

    List<String> missing() {
        return tables.missing;
    }

    Format format() {
        return Format.of(format, out);
    }
}
