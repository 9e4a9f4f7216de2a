// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import io.edgewise.contracts.tally.Measures;
import io.edgewise.contracts.tally.Tally;
import io.edgewise.controller.Line.Claim;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/// The process of one guardrail: a function of the blocks so far. Begins with the first block for which its baseline
/// stands.
record Track(Guardrail guardrail, Optional<Instrument> instrument, List<LineState> lines, Tally derived) {
    static Track start(Guardrail guardrail) {
        return new Track(guardrail, Optional.empty(), List.of(), new Tally());
    }

    /// `before` is all that was there before this block.
    Track append(Pools before, Pools block) {
        Track begun = begin(before, block);
        if (begun.instrument.isEmpty()) {
            return this;
        }
        Pools prepared = Instrument.prepare(guardrail, staked(before, block));
        return new Track(
                guardrail,
                begun.instrument,
                begun.lines.stream().map(line -> line.next(prepared)).toList(),
                derived.plus(prepared.derived()));
    }

    /// What is staked with a block: itself, and with the first one of ERROR the device blocks that closed before. A
    /// device gives one and no other, so that they would be lost. The limit was frozen from the control's arm, not
    /// from these.
    Pools staked(Pools before, Pools block) {
        return instrument.isEmpty() && guardrail.kind() == GuardrailKind.ERROR
                ? block.withMeasure(Measures.BLOCKS_ERROR, before)
                : block;
    }

    /// The process as it is inside the open block.
    Track begin(Pools before, Pools block) {
        if (instrument.isPresent()) {
            return this;
        }
        return Baseline.freeze(guardrail, before, block)
                .map(baseline -> Instruments.of(guardrail, baseline))
                .map(begun -> new Track(
                        guardrail,
                        Optional.of(begun),
                        begun.lines().stream().map(LineState::start).toList(),
                        derived))
                .orElse(this);
    }

    /// ln of the evidence for a claim with what the open block holds: the mean over sides for BREACH, the least for
    /// SAFE. Empty where the guardrail has no such test.
    Optional<Double> look(Claim claim, Pools open) {
        return Instrument.mayPeek(guardrail) ? evidence(claim, state -> state.look(open)) : stand(claim);
    }

    /// The same with closed blocks only.
    Optional<Double> stand(Claim claim) {
        return evidence(claim, LineState::stand);
    }

    private Optional<Double> evidence(Claim claim, ToDoubleFunction<LineState> log) {
        double[] logs = lines.stream()
                .filter(state -> state.line().claim() == claim)
                .mapToDouble(log)
                .toArray();
        if (logs.length == 0) {
            return Optional.empty();
        }
        return Optional.of(claim.isBreach() ? Logs.mean(logs) : Logs.least(logs));
    }

    boolean has(Claim claim) {
        return lines.stream().anyMatch(state -> state.line().claim() == claim);
    }

    void fingerprint(StringBuilder into) {
        into.append(guardrail.name()).append(' ');
        instrument.ifPresent(begun -> into.append(begun.baseline()));
        into.append('\n').append(derived).append('\n');
        lines.forEach(line -> line.fingerprint(into));
    }
}
