// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class TableTest {
    @Test
    void readsQuotedFieldsWithDelimitersLineEndsAndQuotes() {
        assertThat(read("a,b,c\r\n1,\"x, \"\"y\"\"\r\nz\",3\r\n\"\",\"\"\"\",\n"))
                .containsExactly(List.of("1", "x, \"y\"\r\nz", "3"), List.of("", "\"", ""));
    }

    @Test
    void findsTheDelimiter() {
        assertThat(read("a\tb\n1,5\t2\n")).containsExactly(List.of("1,5", "2"));
        assertThat(read("a;b\n1,5;2\n2,5;3\n")).containsExactly(List.of("1,5", "2"), List.of("2,5", "3"));
        assertThat(read("a|b\n1|2\n")).containsExactly(List.of("1", "2"));
        assertThat(read("\"a;x\",b\n\"1;2;3\",2\n")).containsExactly(List.of("1;2;3", "2"));
        assertThat(read("word\nyes\nno")).containsExactly(List.of("yes"), List.of("no"));
    }

    @Test
    void skipsAByteOrderMarkAndEmptyLines() {
        Table table = open("\uFEFFa,b\n\n1,2\n\r\n3,4\n\n".getBytes(StandardCharsets.UTF_8));
        assertThat(table.rows().columns()).containsExactly("a", "b");
        assertThat(all(table.rows())).containsExactly(List.of("1", "2"), List.of("3", "4"));
    }

    @Test
    void quotesMeanNothingWhereTheUserSaysSo() {
        Table table = Table.open(
                "t",
                new ByteArrayInputStream("a\tb\n\"x\t5\" disk\n".getBytes(StandardCharsets.UTF_8)),
                new Table.Options(Optional.empty(), false, Table.Header.LIKELY));
        assertThat(all(table.rows())).containsExactly(List.of("\"x", "5\" disk"));
    }

    @Test
    void readsTheSameRowsInPiecesOfAnySize() {
        Random random = new Random(4);
        List<List<String>> expected = new ArrayList<>();
        StringBuilder text = new StringBuilder("x,y,z\n");
        for (int i = 0; i < 30_000; i++) {
            List<String> row = List.of("r" + i, "q\"" + "n".repeat(random.nextInt(40)) + "\n,", "ü" + random.nextInt());
            expected.add(row);
            text.append(row.get(0))
                    .append(",\"")
                    .append(row.get(1).replace("\"", "\"\""))
                    .append("\",")
                    .append(row.get(2));
            text.append(random.nextBoolean() ? "\r\n" : "\n");
        }
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        InputStream pieces = new FilterInputStream(new ByteArrayInputStream(bytes)) {
            @Override
            public int read(byte[] into, int from, int length) throws IOException {
                return super.read(into, from, Math.min(length, 1 + random.nextInt(5000)));
            }
        };
        assertThat(all(Table.open("t", pieces, Table.Options.NONE).rows())).isEqualTo(expected);
        assertThat(all(open(zipped(bytes)).rows())).isEqualTo(expected);
    }

    @Test
    void readsJsonLinesWithNestedMembersEscapesAndNulls() {
        Table table = open("""
                {"id": 1, "in": {"text": "a\\"b\\u00fc\\ud83d\\ude00\\n", "n": -1.5e3}, "tags": ["x", "]"], "ok": true}

                {"in": {"n": null}, "id": 2, "late": 1}
                """.getBytes(StandardCharsets.UTF_8));
        Rows rows = table.rows();
        assertThat(rows.columns()).containsExactly("id", "in.text", "in.n", "tags", "ok", "late");
        assertThat(rows.next()).isTrue();
        assertThat(rows.text(1)).isEqualTo("a\"bü😀\n");
        assertThat(rows.text(2)).isEqualTo("-1.5e3");
        assertThat(rows.text(3)).isEqualTo("[\"x\", \"]\"]");
        assertThat(rows.text(4)).isEqualTo("true");
        assertThat(rows.isMissing(5)).isTrue();
        assertThat(rows.next()).isTrue();
        assertThat(rows.isMissing(1)).isTrue();
        assertThat(rows.isMissing(2)).isTrue();
        assertThat(rows.text(0)).isEqualTo("2");
        assertThat(rows.next()).isFalse();
    }

    @Test
    void namesColumnsWithoutAName() {
        assertThat(open(",a\n0,1\n".getBytes(StandardCharsets.UTF_8)).rows().columns())
                .containsExactly("column 1", "a");
    }

    private static List<List<String>> read(String text) {
        return all(open(text.getBytes(StandardCharsets.UTF_8)).rows());
    }

    private static Table open(byte[] bytes) {
        return Table.open("t", new ByteArrayInputStream(bytes), Table.Options.NONE);
    }

    private static List<List<String>> all(Rows rows) {
        List<List<String>> all = new ArrayList<>();
        while (rows.next()) {
            List<String> row = new ArrayList<>();
            for (int i = 0; i < rows.columns().size(); i++) {
                row.add(rows.text(i));
            }
            all.add(row);
        }
        return all;
    }

    static byte[] zipped(byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(out)) {
            zip.write(bytes);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
