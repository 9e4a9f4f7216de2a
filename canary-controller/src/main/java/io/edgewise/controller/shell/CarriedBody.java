// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller.shell;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.edgewise.controller.Rollout;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What a rollout carries from decision to decision, as its row keeps it. What a newer controller adds
/// is passed over.
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
record CarriedBody(
        @Nullable Long exposedSinceMs,
        @Nullable Set<String> approvals,
        @Nullable Long examples,
        @Nullable Long agreed,
        @Nullable Long faultSinceMs,
        @Nullable Boolean abandoned) {
    static String write(Rollout.Carried carried) {
        return Json.write(new CarriedBody(
                carried.exposedSince().map(Instant::toEpochMilli).orElse(null),
                carried.approvals().isEmpty() ? null : carried.approvals(),
                carried.examples() == 0 ? null : carried.examples(),
                carried.examples() == 0 ? null : carried.agreed(),
                carried.faultSince().map(Instant::toEpochMilli).orElse(null),
                carried.abandoned() ? true : null));
    }

    static Rollout.Carried read(String text) {
        CarriedBody body = Json.stored(text, CarriedBody.class);
        return new Rollout.Carried(
                Optional.ofNullable(body.exposedSinceMs()).map(Instant::ofEpochMilli),
                new TreeSet<>(body.approvals() == null ? Set.of() : body.approvals()),
                body.examples() == null ? 0 : body.examples(),
                body.agreed() == null ? 0 : body.agreed(),
                Optional.ofNullable(body.faultSinceMs()).map(Instant::ofEpochMilli),
                Boolean.TRUE.equals(body.abandoned()));
    }
}
