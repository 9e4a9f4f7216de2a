// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.shell;

import io.edgewise.cli.table.BadInput;
import io.edgewise.cli.table.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Option;

/// Options of every command that reads tables.
final class TableOptions {
    @Option(
            names = "--delimiter",
            paramLabel = "CHAR",
            description =
                    "What separates the fields of CSV and TSV; found out from the first rows otherwise. \"tab\" or "
                            + "one character.")
    Optional<String> delimiter = Optional.empty();

    @Option(names = "--no-quotes", description = "Quotes mean nothing; fields hold no delimiters and no line ends.")
    boolean noQuotes;

    /// Whether the first row names the columns.
    enum Header {
        YES,
        NO;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Option(
            names = "--header",
            paramLabel = "ANSWER",
            description =
                    "Whether the first row of CSV and TSV names the columns: ${COMPLETION-CANDIDATES}. Without it "
                            + "they are \"column 1\", \"column 2\", …; by default it does, and one of numbers alone is refused.")
    Optional<Header> header = Optional.empty();

    @Option(
            names = "--missing",
            paramLabel = "WORD",
            split = ",",
            description = "Values that mean that there is none, besides the empty one.")
    List<String> missing = new ArrayList<>();

    Table.Options table() {
        return new Table.Options(
                delimiter.map(TableOptions::delimiter),
                !noQuotes,
                header.map(answer -> answer == Header.YES ? Table.Header.YES : Table.Header.NO)
                        .orElse(Table.Header.LIKELY));
    }

    private static char delimiter(String word) {
        String one = word.equals("tab") || word.equals("\\t") ? "\t" : word;
        if (one.length() != 1) {
            throw new BadInput("--delimiter \"" + word + "\" must be one character, or tab.");
        }
        return one.charAt(0);
    }
}
