// SPDX-License-Identifier: Apache-2.0
package io.edgewise.contracts;

/// One thing wrong with a record: a stable code, the field it concerns, and a sentence that says what was expected.
public record Fault(String code, String field, String message) {
    /// The form used in counters, dead letters and answers: "not_finite:arms[0].confidence".
    public String reason() {
        return field.isEmpty() ? code : code + ":" + field;
    }
}
