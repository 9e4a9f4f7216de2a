// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller.shell;

import io.edgewise.controller.HybridTerms;
import io.edgewise.controller.shell.PlanBody.HybridBody;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// The hybrid terms of a plan's stage, as JSON.
final class HybridBodies {
    /// As careful as a device is where its directive says nothing.
    private static final double CAREFUL = 0.9;

    private HybridBodies() {}

    static Optional<HybridTerms> terms(@Nullable HybridBody body) {
        return body == null
                ? Optional.empty()
                : Optional.of(new HybridTerms(
                        PlanBody.or(body.confidence(), CAREFUL),
                        optional(body.entropy()),
                        body.longestInput() == null ? OptionalInt.empty() : OptionalInt.of(body.longestInput()),
                        PlanBody.or(body.rules(), List.of()),
                        optional(body.routerScore()),
                        PlanBody.or(body.escalation(), HybridTerms.Escalation.REPLACE)));
    }

    static HybridBody body(HybridTerms terms) {
        return new HybridBody(
                terms.confidence(),
                terms.entropy().isPresent() ? terms.entropy().getAsDouble() : null,
                terms.longestInput().isPresent() ? terms.longestInput().getAsInt() : null,
                terms.rules().isEmpty() ? null : terms.rules(),
                terms.routerScore().isPresent() ? terms.routerScore().getAsDouble() : null,
                terms.escalation());
    }

    private static OptionalDouble optional(@Nullable Double number) {
        return number == null ? OptionalDouble.empty() : OptionalDouble.of(number);
    }
}
