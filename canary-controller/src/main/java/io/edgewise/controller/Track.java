// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import io.edgewise.contracts.tally.Measures;
import io.edgewise.contracts.tally.Tally;
import io.edgewise.controller.Line.Claim;
import io.edgewise.statistics.calibration.OneLook;
import io.edgewise.statistics.calibration.Reliability;
import io.edgewise.statistics.multiple.AlphaShares;
import io.edgewise.statistics.planning.Horizon;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/// The process of one guardrail: a function of the blocks so far. Begins with the first block for which its baseline
/// stands; a control that moves away from its baseline closes it, and the next one begins with the next share of alpha.
record Track(
        Guardrail guardrail,
        Terms terms,
        Turn turn,
        Optional<Instrument> instrument,
        List<LineState> lines,
        Tally derived,
        List<Look> looks) {

    /// The how-many-eth it is, from 1, and what of the control lies before it and is no part of its baseline.
    record Turn(int number, Tally controlBefore) {
        static final Turn FIRST = new Turn(1, new Tally());
    }

    static Track start(Guardrail guardrail, Terms terms) {
        return new Track(guardrail, terms, Turn.FIRST, Optional.empty(), List.of(), new Tally(), List.of());
    }

    /// What this process may spend of the guardrail's alpha. Only a guardrail on the control's p99 can begin again.
    double alphaShare() {
        return guardrail.kind() == GuardrailKind.LATENCY_P99 ? AlphaShares.share(turn.number()) : 1;
    }

    /// `before` is all that was there before this block, `number` the block's.
    Track append(Pools before, Pools block, long number) {
        Track begun = begin(before, block);
        if (begun.instrument.isEmpty()) {
            return this;
        }
        Pools prepared = Instrument.prepare(guardrail, staked(before, block));
        List<LineState> after =
                begun.lines.stream().map(line -> line.next(prepared)).toList();
        if (controlMoved(after)) {
            Turn next = new Turn(
                    turn.number() + 1,
                    Pools.only(Measures.USER_LATENCY, before.control())
                            .plus(Pools.only(Measures.USER_LATENCY, block.control())));
            return new Track(guardrail, terms, next, Optional.empty(), List.of(), new Tally(), looks);
        }
        return new Track(
                guardrail,
                terms,
                turn,
                begun.instrument,
                after,
                derived.plus(prepared.derived()),
                looked(before, block, number));
    }

    /// By the same rule as a roll-back, but about the control alone.
    private boolean controlMoved(List<LineState> after) {
        double threshold = Horizon.logThreshold(terms.blocks(), 1, terms.alphaRollback());
        return after.stream().anyMatch(state -> state.line().claim() == Claim.CONTROL_MOVED && state.alarms(threshold));
    }

    /// The looks with those that this block brings.
    private List<Look> looked(Pools before, Pools block, long number) {
        if (nextLook().isEmpty()) {
            return looks;
        }
        Reliability labels = Readings.reliability(before.paired()).plus(Readings.reliability(block.paired()));
        List<Look> taken = new ArrayList<>(looks);
        while (taken.size() < guardrail.looks().size()) {
            OneLook plan = Look.planned(guardrail, terms.alphaPromotion(), taken.size() + 1);
            if (labels.total() < plan.labels() || taken.stream().anyMatch(Look::isSafe)) {
                return List.copyOf(taken);
            }
            taken.add(Look.take(plan, labels, number));
        }
        return List.copyOf(taken);
    }

    /// The look that is still to come; empty once calibration was shown safe, or where no more are planned.
    Optional<OneLook> nextLook() {
        return looks.size() >= guardrail.looks().size() || looks.stream().anyMatch(Look::isSafe)
                ? Optional.empty()
                : Optional.of(Look.planned(guardrail, terms.alphaPromotion(), looks.size() + 1));
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
        return Baseline.freeze(guardrail, turn, before, block)
                .map(baseline -> Instruments.of(guardrail, baseline))
                .map(begun -> new Track(
                        guardrail,
                        terms,
                        turn,
                        Optional.of(begun),
                        begun.lines().stream().map(LineState::start).toList(),
                        derived,
                        looks))
                .orElse(this);
    }

    /// What the process has counted, the open block included where it may be looked at.
    Tally counted(Pools open) {
        return Instrument.mayPeek(guardrail)
                ? derived.plus(Instrument.prepare(guardrail, open).derived())
                : derived;
    }

    /// ln of the evidence for a claim with what the open block holds: the mean over sides for BREACH, the least for
    /// SAFE. Empty where the guardrail has no such test.
    Optional<Double> look(Claim claim, Pools open) {
        Pools prepared = Instrument.prepare(guardrail, open);
        return Instrument.mayPeek(guardrail) ? evidence(claim, state -> state.look(prepared)) : stand(claim);
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
        return Optional.of(claim == Claim.SAFE ? Logs.least(logs) : Logs.mean(logs));
    }

    boolean has(Claim claim) {
        return lines.stream().anyMatch(state -> state.line().claim() == claim);
    }

    void fingerprint(StringBuilder into) {
        into.append(guardrail.name()).append(' ').append(turn).append(' ');
        instrument.ifPresent(begun -> into.append(begun.baseline()));
        into.append('\n').append(derived).append('\n');
        lines.forEach(line -> line.fingerprint(into));
        looks.forEach(look -> into.append(look).append('\n'));
    }
}
