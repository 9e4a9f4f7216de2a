// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.pairs;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.statistics.proportion.Interval;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AttributionTest {
    @ParameterizedTest
    @CsvSource({
        "int8-dynamic,  INT8: below 1 %",
        "INT8,          INT8: below 1 %",
        "w8a8,          INT8: below 1 %",
        "q8_0,          INT8: below 1 %",
        "uint8,         INT8: below 1 %",
        "seq2seq-int8,  INT8: below 1 %",
        "iq3_xxs,       INT3: 3–8 %",
        "int4-block32,  INT4: 1–3 %",
        "w4a16,         INT4: 1–3 %",
        "q4_k_m,        INT4: 1–3 %",
        "int3,          INT3: 3–8 %",
        "q3_k_s,        INT3: 3–8 %",
        "int2,          INT2: 8–15 %",
        "q2_k,          INT2: 8–15 %"
    })
    void eachWidthHasItsBand(String quantization, String band) {
        assertThat(Attribution.band(quantization).orElseThrow().text()).isEqualTo(band);
    }

    @ParameterizedTest
    @ValueSource(strings = {"fp32", "int32", "seq2seq-fp16", "fp16-weights", "int16", "mxfp4", "none", ""})
    void otherWidthsHaveNone(String quantization) {
        assertThat(Attribution.band(quantization)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "int8, -0.002, below",
        "int8,  0.000, within",
        "int8,  0.010, within",
        "int8,  0.011, above",
        "int4,  0.009, below",
        "int4,  0.020, within",
        "int4,  0.031, above",
        "int3,  0.029, below",
        "int3,  0.080, within",
        "int3,  0.081, above",
        "int2,  0.079, below",
        "int2,  0.150, within",
        "int2,  0.151, above"
    })
    void aLossLiesBelowWithinOrAboveTheBand(String quantization, double lost, String place) {
        assertThat(of(quantization, 0.5, lost).place()).contains(place);
    }

    @Test
    void withoutTruthChangedAnswersAreWhatIsCompared() {
        assertThat(of("int4", 0.02, Double.NaN).place()).contains("within");
        assertThat(of("int4", 0.05, Double.NaN).place()).contains("above");
    }

    private static Attribution of(String quantization, double changed, double lost) {
        return new Attribution(
                "build", "reference", 1_000, changed, new Interval(0, 1), 0.9, lost, Attribution.band(quantization));
    }
}
