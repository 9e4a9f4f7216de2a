// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import io.edgewise.contracts.tally.Measures;
import io.edgewise.controller.Line.Claim;
import io.edgewise.statistics.classification.AgreementTotals;
import io.edgewise.statistics.multiple.EValues;
import io.edgewise.statistics.sequential.DeviceBlocks;
import io.edgewise.statistics.sequential.Exceedance;
import io.edgewise.statistics.sequential.Needed;
import io.edgewise.statistics.sequential.Values;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// Turns evidence into verdicts. Says SAFE only when nothing is missing: a broken or absent measurement is NO-EVIDENCE.
public final class Judge {
    /// SAFE on requests says nothing about devices unless there are at least so many.
    static final long SAFE_DEVICES = 30;

    static final double SAFE_COMPLETENESS = AgreementTotals.LEAST_COMPLETENESS;

    private final Plan plan;
    private final Evidence evidence;
    private final Pools open;
    private final Pools total;

    private Judge(Plan plan, Evidence evidence) {
        this.plan = plan;
        this.evidence = evidence;
        this.open = Pools.of(evidence.open());
        this.total = evidence.ledger().pools().plus(open);
    }

    /// In the order of the plan.
    public static List<Verdict> verdicts(Plan plan, Evidence evidence) {
        Judge judge = new Judge(plan, evidence);
        return evidence.ledger().tracks().stream().map(judge::verdict).toList();
    }

    private Verdict verdict(Track stored) {
        if (stored.guardrail().kind().isOfTotals()) {
            return Totals.of(stored.guardrail(), plan, evidence);
        }
        Track track = evidence.open().isEmpty()
                ? stored
                : stored.begin(evidence.ledger().pools(), open);
        Guardrail guardrail = track.guardrail();
        if (track.instrument().isEmpty()) {
            return nothing(guardrail, VerdictWords.noBaseline(track, total));
        }
        Instrument instrument = track.instrument().get();
        Figures figures = figures(track, instrument);
        Optional<Pools> staked = evidence.open().isEmpty()
                ? Optional.empty()
                : Optional.of(stored.staked(evidence.ledger().pools(), open));
        Standing standing = Standing.of(track, staked, total, figures.devices());
        if (standing.isBroken() || !figures.isNumber()) {
            return nothing(guardrail, "its measurement gives no number");
        }
        if (figures.observations() == 0) {
            return nothing(guardrail, "nothing was observed yet");
        }
        List<String> obstacles = obstacles(guardrail, figures);
        Outcome outcome = standing.breached()
                ? Outcome.BREACH
                : standing.promotion() >= standing.promotionLimit() && obstacles.isEmpty()
                        ? Outcome.SAFE
                        : Outcome.UNDECIDED;
        return assemble(outcome, figures, standing, obstacles);
    }

    private Verdict assemble(Outcome outcome, Figures figures, Standing standing, List<String> obstacles) {
        Guardrail guardrail = figures.track().guardrail();
        Standing.Against decisive = standing.decisive();
        Estimand estimand = outcome == Outcome.BREACH
                ? (decisive.way() == Standing.Way.FLEET ? Estimand.FLEET : Estimand.REQUESTS)
                : guardrail.safeForFleet() && figures.blocks() > 0 ? Estimand.FLEET : Estimand.REQUESTS;
        Verdict bare = new Verdict(
                guardrail,
                outcome,
                outcome == Outcome.BREACH && decisive.way() == Standing.Way.HARD,
                estimand,
                figures.threshold(),
                figures.observations(),
                figures.devices(),
                figures.blocks(),
                decisive.evidence(),
                decisive.limit(),
                standing.promotion(),
                standing.promotionLimit(),
                Lazy.of(() -> numbers(outcome, estimand, figures, standing)));
        return bare.shown(Lazy.of(() -> new Verdict.Shown(
                bare.estimate(),
                bare.neededObservations(),
                bare.neededDevices(),
                VerdictWords.sentence(bare, figures, decisive.way(), obstacles))));
    }

    /// What is shown, but for the sentence.
    private Verdict.Shown numbers(Outcome outcome, Estimand estimand, Figures figures, Standing standing) {
        boolean fleet = figures.track().guardrail().safeForFleet();
        OptionalLong more = outcome == Outcome.UNDECIDED ? needed(figures.track(), standing) : OptionalLong.empty();
        OptionalLong observations = more;
        OptionalLong devices = OptionalLong.empty();
        if (outcome == Outcome.UNDECIDED) {
            observations = fleet && more.isPresent() ? OptionalLong.of(more.getAsLong() * Measures.BLOCK_SIZE) : more;
            devices = fleet ? more : OptionalLong.of(Math.max(0, SAFE_DEVICES - figures.devices()));
        }
        return new Verdict.Shown(
                estimand == Estimand.FLEET
                        ? figures.fleet().get()
                        : figures.shown().get(),
                observations,
                devices,
                "");
    }

    private Figures figures(Track track, Instrument instrument) {
        Guardrail guardrail = track.guardrail();
        Pools pools = total.withDerived(track.counted(open));
        Values requests = instrument.requests().of(pools);
        Optional<Values> blocks =
                instrument.fleet().map(reading -> reading.of(pools)).filter(v -> v.n() > 0);
        long observations = switch (guardrail.kind()) {
            case COST -> total.canary().get(Measures.USER_COST, 1);
            case ENERGY -> total.canary().get(Measures.USER_ENERGY, 1);
            default -> requests.n();
        };
        return new Figures(
                requests.n() == 0 || Double.isFinite(requests.mean()),
                Lazy.of(() -> shown(guardrail, instrument, requests)),
                Lazy.of(() -> blocks.map(values -> fleet(guardrail, instrument, values))),
                observations,
                blocks.map(Values::n).orElse(0L),
                evidence.devices(guardrail.kind()),
                threshold(guardrail, instrument),
                pools,
                track,
                Lazy.of(() -> neededForFleet(track, blocks)));
    }

    private static Optional<Estimate> shown(Guardrail guardrail, Instrument instrument, Values requests) {
        return requests.n() == 0
                ? Optional.empty()
                : Optional.of(
                        switch (guardrail.kind()) {
                            case AGREEMENT -> Estimate.ofShare(requests).complement();
                            case ERROR, LATENCY_P99, COMPLETION, FEEDBACK, OUTPUT_LENGTH, LATENCY_P95, FIRST_TOKEN ->
                                Estimate.ofShare(requests);
                            case CRASHES,
                                    BREAKERS,
                                    SILENCE,
                                    BIAS_GAP,
                                    SLICE_AGREEMENT,
                                    SLICE_REFUSAL,
                                    SLICE_ERROR,
                                    SLICE_LATENCY,
                                    SLICE_FIRST_TOKEN,
                                    TRAFFIC_SPLIT,
                                    HOLDOUT -> throw Totals.elsewhere(guardrail.kind());
                            case REFUSAL, WIN_SHARE, CALIBRATION, COST, ENERGY ->
                                Estimate.ofMean(requests, instrument.low(), instrument.high());
                        });
    }

    private static Estimate fleet(Guardrail guardrail, Instrument instrument, Values blocks) {
        Estimate estimate = Estimate.ofMean(blocks, instrument.low(), instrument.high());
        return guardrail.kind() == GuardrailKind.AGREEMENT ? estimate.complement() : estimate;
    }

    private static double threshold(Guardrail guardrail, Instrument instrument) {
        return switch (guardrail.kind()) {
            case AGREEMENT, REFUSAL, WIN_SHARE, CALIBRATION, COST, ENERGY -> guardrail.limit();
            case ERROR -> instrument.lines().getLast().test().limit();
            case LATENCY_P99 -> Exceedance.SHARE;
            case COMPLETION, FEEDBACK, OUTPUT_LENGTH, LATENCY_P95, FIRST_TOKEN ->
                Shares.allowed(guardrail, instrument.baseline());
            case CRASHES,
                    BREAKERS,
                    SILENCE,
                    BIAS_GAP,
                    SLICE_AGREEMENT,
                    SLICE_REFUSAL,
                    SLICE_ERROR,
                    SLICE_LATENCY,
                    SLICE_FIRST_TOKEN,
                    TRAFFIC_SPLIT,
                    HOLDOUT -> throw Totals.elsewhere(guardrail.kind());
        };
    }

    private List<String> obstacles(Guardrail guardrail, Figures figures) {
        double completeness = Instrument.completeness(total.paired());
        if (guardrail.kind().isPaired() && completeness < SAFE_COMPLETENESS) {
            return List.of("only " + Words.percent(completeness) + " of the pairs have both sides, SAFE needs "
                    + Words.chosen(SAFE_COMPLETENESS));
        }
        Optional<DeviceBlocks.Completeness> blocks = Readings.completeness(guardrail.kind(), total);
        if (guardrail.safeForFleet() && blocks.isPresent() && !blocks.get().allowsSafe()) {
            return List.of("only " + blocks.get().closed() + " of "
                    + Words.count(blocks.get().opened(), "device block", "device blocks")
                    + " that began have closed, and busy devices close first; SAFE needs "
                    + Words.chosen(SAFE_COMPLETENESS));
        }
        if (!guardrail.safeForFleet() && figures.devices() < SAFE_DEVICES) {
            return List.of(
                    "seen on " + Words.count(figures.devices(), "device", "devices") + ", SAFE needs " + SAFE_DEVICES);
        }
        if (guardrail.kind().isOfBlocks()
                && figures.pools().derived().get(Readings.COST_BLOCKS, Readings.COST_CELLS) > 0) {
            return List.of("some 10 seconds cost more than twice the budget, which the test for SAFE cannot bound");
        }
        return List.of();
    }

    /// What SAFE still needs: until the next look where looks decide.
    private OptionalLong needed(Track track, Standing standing) {
        if (track.guardrail().kind() == GuardrailKind.CALIBRATION) {
            long labels = Readings.reliability(total.paired()).total();
            return track.nextLook()
                    .map(look -> OptionalLong.of(Math.max(0, look.labels() - labels)))
                    .orElse(OptionalLong.empty());
        }
        Pools pools = total.withDerived(track.counted(open));
        long most = 0;
        for (LineState state : track.lines()) {
            if (state.line().claim() == Claim.SAFE) {
                OptionalLong more =
                        Needed.more(state.line().test(), state.line().reading().of(pools), standing.promotionLimit());
                if (more.isEmpty()) {
                    return more;
                }
                most = Math.max(most, more.getAsLong());
            }
        }
        return OptionalLong.of(most);
    }

    /// Device blocks until the same could be said of the fleet, where SAFE speaks of the requests served.
    private OptionalLong neededForFleet(Track track, Optional<Values> blocks) {
        if (track.guardrail().safeForFleet() || blocks.isEmpty()) {
            return OptionalLong.empty();
        }
        double limit = EValues.logThreshold(1, plan.terms().alphaPromotion());
        return track.lines().stream()
                .map(LineState::line)
                .filter(line -> line.claim() == Claim.SAFE)
                .map(line -> Needed.more(line.test(), blocks.get(), limit))
                .findFirst()
                .orElse(OptionalLong.empty());
    }

    /// How many devices SAFE for the fleet takes is known before the first of them.
    private Verdict nothing(Guardrail guardrail, String why) {
        double alpha = plan.terms().alphaPromotion();
        return new Verdict(
                guardrail,
                Outcome.NO_EVIDENCE,
                false,
                guardrail.safeForFleet() ? Estimand.FLEET : Estimand.REQUESTS,
                guardrail.kind() == GuardrailKind.LATENCY_P99 ? Exceedance.SHARE : guardrail.limit(),
                0,
                evidence.devices(guardrail.kind()),
                0,
                0,
                0,
                0,
                StrictMath.log(1 / alpha),
                Lazy.of(() -> {
                    OptionalLong devices = Reach.leastDevices(guardrail, alpha);
                    String reach = devices.isPresent()
                            ? ", SAFE for the fleet takes at least "
                                    + Words.count(devices.getAsLong(), "device block", "device blocks")
                            : "";
                    return new Verdict.Shown(
                            Optional.empty(),
                            OptionalLong.empty(),
                            devices,
                            guardrail.kind().title() + ": NO-EVIDENCE, " + why + reach + ".");
                }));
    }

    /// What is measured of a guardrail, and what is shown of it when asked for.
    ///
    /// @param isNumber whether the mean of what was observed is one
    record Figures(
            boolean isNumber,
            Lazy<Optional<Estimate>> shown,
            Lazy<Optional<Estimate>> fleet,
            long observations,
            long blocks,
            long devices,
            double threshold,
            Pools pools,
            Track track,
            Lazy<OptionalLong> neededForFleet) {}
}
