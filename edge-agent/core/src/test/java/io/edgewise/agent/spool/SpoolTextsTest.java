// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgewise.contracts.v1.Observation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import javax.crypto.SecretKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SpoolTextsTest {
    private static final String SECRET = "a canary sings in the mine";

    @TempDir
    Path folder = Path.of("");

    private Spool open(SecretKey key) throws SpoolFailure {
        return Spool.open(
                folder.resolve("spool"),
                Map.of(Lane.OBSERVATIONS, new TestFormat()),
                Bounds.DEFAULT,
                new Surroundings(Optional.of(key), () -> 0, () -> 0));
    }

    private SecretKey key(String name) throws IOException {
        return SpoolKey.file(folder.resolve(name));
    }

    private static void append(Spool spool) throws Exception {
        spool.append(Lane.OBSERVATIONS, Weight.KEEP, TestFormat.body(SECRET), true)
                .get();
    }

    private static String first(Spool spool) throws Exception {
        return TestFormat.parse(spool.read(Lane.OBSERVATIONS, spool.epoch(), 0, 1)
                        .get()
                        .records()
                        .getFirst()
                        .bytes())
                .getDropReason();
    }

    private boolean isOnDisk() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(SECRET)) {
                    return true;
                }
            }
            return false;
        }
    }

    @Test
    void writesNoTextInClearAndReadsItAgainInALaterLife() throws Exception {
        try (Spool spool = open(key("key"))) {
            append(spool);
            assertThat(isOnDisk()).isFalse();
            assertThat(first(spool)).isEqualTo(SECRET);
        }
        assertThat(isOnDisk()).isFalse();
        try (Spool spool = open(key("key"))) {
            assertThat(first(spool)).isEqualTo(SECRET);
        }
    }

    @Test
    void setsTheSpoolAsideWhenItsKeyIsLost() throws Exception {
        long epoch;
        try (Spool spool = open(key("key"))) {
            append(spool);
            epoch = spool.epoch();
        }
        try (Spool spool = open(key("another"))) {
            append(spool);
            assertThat(first(spool)).isEqualTo(SECRET);
            assertThat(spool.epoch()).isNotEqualTo(epoch);
            assertThat(spool.setAside()).isPresent();
        }
    }

    @Test
    void setsAnExchangedRecordAsideAndDeclaresIt() throws Exception {
        try (Spool spool = open(key("key"))) {
            append(spool);
            append(spool);
        }
        try (Connection file = DriverManager.getConnection(
                        "jdbc:sqlite:" + folder.resolve("spool").resolve("spool.db"));
                Statement statement = file.createStatement()) {
            statement.executeUpdate(
                    "UPDATE record SET bytes = (SELECT bytes FROM record WHERE seq = 2), crc = NULL WHERE seq = 1");
        }
        try (Spool spool = open(key("key"))) {
            List<Observation> left = spool.read(Lane.OBSERVATIONS, spool.epoch(), 0, 9).get().records().stream()
                    .map(stored -> TestFormat.parse(stored.bytes()))
                    .toList();
            assertThat(left).extracting(Observation::getSeq).containsExactly(2L);
            Observation drops = TestFormat.parse(spool.read(Lane.OBSERVATIONS, spool.epoch(), 2, 9)
                    .get()
                    .records()
                    .getFirst()
                    .bytes());
            assertThat(drops.getDropReason()).isEqualTo("damaged");
            assertThat(drops.getDropped(0).getFirst()).isEqualTo(1);
            assertThat(drops.getDropped(0).getLast()).isEqualTo(1);
            assertThat(folder.resolve("spool").resolve("damaged-records")).isDirectoryContaining("glob:**-1");
        }
    }

    @Test
    void refusesTextWithoutAKeyAndGoesOn() throws Exception {
        try (Spool spool =
                Spool.open(folder.resolve("spool"), Map.of(Lane.OBSERVATIONS, new TestFormat()), Bounds.DEFAULT)) {
            assertThatThrownBy(() -> append(spool))
                    .isInstanceOf(ExecutionException.class)
                    .hasMessageContaining("no key");
            assertThat(spool.append(Lane.OBSERVATIONS, Weight.KEEP, TestFormat.body("numbers"))
                            .get())
                    .isEqualTo(1);
        }
    }

    @Test
    void keepsItsKeyToTheOwnerAndRefusesAShortOne() throws Exception {
        Path file = folder.resolve("key");
        SecretKey made = SpoolKey.file(file);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(SpoolKey.file(file).getEncoded()).isEqualTo(made.getEncoded());
        Path wrong = Files.writeString(folder.resolve("short"), "too short");
        assertThatThrownBy(() -> SpoolKey.file(wrong))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("9 bytes")
                .hasMessageContaining("32");
    }
}
