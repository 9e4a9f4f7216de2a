// SPDX-License-Identifier: Apache-2.0
package io.edgewise.runtime.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestBodyTest {
    private record Asked(String workload, List<Part> parts) {}

    private record Part(int count) {}

    @Test
    void readsWhatIsAskedFor() {
        assertThat(RequestBody.read("the test", "{\"workload\": \"voice\", \"parts\": [{\"count\": 2}]}", Asked.class))
                .isEqualTo(new Asked("voice", List.of(new Part(2))));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            null                                 | the body is null
            {"workload": "a"                     | the body is not JSON
            {"workload": "a", "workload": "b"}   | Duplicate field 'workload'
            {"work": "a"}                        | work: Unrecognized field
            {"parts": [{"count": 1}, {"n": 2}]}  | parts[1].n: Unrecognized field
            {"workload": "a"} trailing           | Unrecognized token
            """)
    void refusesAnythingElseWithItsPlace(String body, String why) {
        assertThatExceptionOfType(Problem.class)
                .isThrownBy(() -> RequestBody.read("the test", body, Asked.class))
                .satisfies(problem -> {
                    assertThat(problem.status()).isEqualTo(400);
                    assertThat(problem.title()).isEqualTo("the test is not valid");
                    assertThat(problem.detail()).contains(why);
                });
    }
}
