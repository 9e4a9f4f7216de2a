// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.reference;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.edgewise.statistics.reference.ReferenceLedger.Departure;
import io.edgewise.statistics.reference.ReferenceLedger.Entry;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// No reference file is left without a test, none loses cases or values in silence, and every departure is
/// listed with its reason.
class ReferenceLedgerTest {
    static List<Entry> entries() {
        return ReferenceLedger.ENTRIES;
    }

    static List<Departure> departures() {
        return ReferenceLedger.DEPARTURES;
    }

    @Test
    void everyFileIsInTheLedger() throws IOException, URISyntaxException {
        URL directory = Objects.requireNonNull(Reference.class.getResource("/reference"));
        try (Stream<Path> files = Files.list(Path.of(directory.toURI()))) {
            assertThat(files.map(file -> String.valueOf(file.getFileName())).filter(name -> name.endsWith(".json")))
                    .containsExactlyInAnyOrderElementsOf(
                            entries().stream().map(Entry::file).toList());
        }
    }

    /// 327 expected results, and 13 vectors that test the generators of their inputs.
    @Test
    void thereAre327CasesAnd13GeneratorVectors() {
        int all = entries().stream().mapToInt(Entry::cases).sum();

        assertThat(entries()).hasSize(16);
        assertThat(all).isEqualTo(327 + 13);
    }

    @ParameterizedTest
    @MethodSource("entries")
    void everyFileHoldsItsCasesUnderDifferentNames(Entry entry) {
        List<Reference.Case> cases = Reference.cases(entry.file(), c -> true);

        assertThat(cases).hasSize(entry.cases());
        assertThat(cases).extracting(Reference.Case::id).doesNotHaveDuplicates();
        assertThat(cases)
                .allSatisfy(given -> assertThat(ReadKeys.places(given.expected()))
                        .as(given.id())
                        .isNotEmpty());
    }

    @ParameterizedTest
    @MethodSource("entries")
    void everyFileIsRunByATestThatIsHeldToItsValues(Entry entry) throws ClassNotFoundException {
        Class<?> owner = Class.forName(ReferenceLedger.ROOT + entry.owner());

        assertThat(owner.getDeclaredMethods())
                .as("tests in %s", owner.getSimpleName())
                .anyMatch(ReferenceLedger::isTest);
        assertThat(owner.getAnnotation(ExtendWith.class))
                .as("@ExtendWith of %s", owner.getSimpleName())
                .isNotNull();
        assertThat(owner.getAnnotation(ExtendWith.class).value()).contains(EveryKeyIsRead.class);
    }

    @ParameterizedTest
    @MethodSource("departures")
    void everyDepartureNamesValuesThatExistAndAReason(Departure departure) {
        assertThat(departure.reason()).isNotBlank();
        assertThat(departure.ids()).isNotEmpty();
        for (String id : departure.ids()) {
            assertThat(Reference.cases(departure.file(), c -> c.id().equals(id)))
                    .as("case %s of %s", id, departure.file())
                    .hasSize(1)
                    .allSatisfy(given -> assertThat(ReadKeys.places(given.expected()))
                            .anyMatch(place ->
                                    (place.replaceAll("\\[\\d+]", "") + ".").startsWith(departure.key() + ".")));
        }
    }

    @Test
    void readingIsRemembered() throws IOException {
        JsonNode plain = new ObjectMapper().readTree("{\"a\": [1, 2], \"b\": [{\"c\": 1}, {\"c\": 2}], \"d\": null}");
        ReadKeys.Key root = new ReadKeys.Key("none", "one", "");
        JsonNode recording = ReadKeys.recording(root, plain);

        assertThat(ReadKeys.places(recording)).containsExactly("a", "b[0].c", "b[1].c", "d");
        assertThat(recording.has("a")).isTrue();
        assertThat(wasRead("a")).isFalse();
        assertThat(recording.get("a").get(1).asInt()).isEqualTo(2);
        assertThat(recording.get("b").get(1).get("c").asInt()).isEqualTo(2);
        assertThat(Stream.of("a", "b[0].c", "b[1].c", "d").filter(ReferenceLedgerTest::wasRead))
                .containsExactly("a", "b[1].c");
        ReadKeys.forget("none");
        assertThat(wasRead("a")).isFalse();
    }

    private static boolean wasRead(String place) {
        return ReadKeys.wasRead(new ReadKeys.Key("none", "one", place));
    }
}
