// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.contracts.v1.Directive;
import io.edgewise.testkit.SeededCases;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Every state that a small plan can come to, by every event in every order, and long random walks over a large plan.
class StateExplorationTest {
    private static final Instant START = Instant.parse("2026-11-21T08:00:00Z");
    private static final Blackout ALWAYS = new Blackout(Set.of(), LocalTime.NOON, LocalTime.NOON, ZoneOffset.UTC);
    private static final Map<String, List<Verdict>> VERDICTS = new java.util.concurrent.ConcurrentHashMap<>();
    private static final int[] WAITS = {0, 10, 100, 1_100};

    /// A rollout at a moment.
    private record Point(Rollout rollout, Instant now) {
        /// What its future depends on, apart from the evidence to come.
        String key(Plan plan) {
            return rollout.phase() + " " + reached(rollout.times().stageSince(), 10, 90) + " "
                    + reached(rollout.times().phaseSince(), 60, 1_000) + " "
                    + now.isBefore(rollout.times().deadline()) + " "
                    + reached(rollout.identity().createdAt(), 1_900) + " "
                    + rollout.carried().approvals() + " "
                    + Math.min(rollout.carried().examples(), 200) + " "
                    + rollout.carried().exposedSince().map(since -> reached(since, 300)) + " "
                    + rollout.carried()
                            .faultSince()
                            .filter(since -> plan.conduct().noEvidence().isPresent())
                            .map(since -> reached(since, 90))
                    + " "
                    + rollout.carried().abandoned();
        }

        /// How many of the times at which something changes lie behind.
        private long reached(Instant since, long... thresholds) {
            long age = Duration.between(since, now).toSeconds();
            return java.util.Arrays.stream(thresholds)
                    .filter(each -> age >= each)
                    .count();
        }
    }

    /// Something that happens, and who let it.
    private record Event(String name, boolean human, boolean good, boolean bad) {}

    private record Step(Event event, Transition transition, Instant now) {}

    @Test
    void everyReachableStateKeepsTheLawsCanEndAndStandsInTheDiagram() throws Exception {
        Set<String> edges = new TreeSet<>();
        int points = 0;
        for (OnUndecided policy : OnUndecided.values()) {
            points += explore(plan(policy, Conduct.PLAIN, 2), edges);
        }
        for (int i = 1; i < conducts().size(); i++) {
            points += explore(
                    plan(List.of(OnUndecided.values()).get(i % 3), conducts().get(i), 2), edges);
        }
        assertThat(points).isGreaterThan(100);
        for (String end : List.of("completed", "rolled_back", "aborted")) {
            edges.add("    " + end + " --> [*]");
        }
        String diagram =
                "<!-- states -->\n```mermaid\nstateDiagram-v2\n" + String.join("\n", edges) + "\n```\n<!-- /states -->";
        Path page = repository().resolve("docs/rollouts.md");
        String text = Files.readString(page);
        int from = text.indexOf("<!-- states -->");
        int to = text.indexOf("<!-- /states -->") + "<!-- /states -->".length();
        if (Boolean.getBoolean("edgewise.update")) {
            Files.writeString(page, text.substring(0, from) + diagram + text.substring(to));
            return;
        }
        assertThat(text.substring(from, to))
                .as("run this test with -Dedgewise.update=true to draw it anew")
                .isEqualTo(diagram);
    }

    @Test
    void randomWalksOverALargePlanKeepTheLaws() {
        SeededCases.forAll(40, StateExplorationTest::walk);
    }

    @Test
    @Tag("slow")
    void manyMoreRandomWalksKeepThemToo() {
        SeededCases.forAll(20_000, StateExplorationTest::walk);
    }

    /// A breach ends a walk, so it comes seldom.
    private static void walk(SplittableRandom random) {
        Plan plan = plan(
                List.of(OnUndecided.values()).get(random.nextInt(3)),
                conducts().get(random.nextInt(conducts().size())),
                4 + random.nextInt(8));
        Point point = new Point(
                RolloutMachine.start(identity(), plan, "ana", random.nextBoolean())
                        .next(),
                START);
        for (int i = 0; i < 200 && !point.rollout().phase().isOver(); i++) {
            List<Supplier<Optional<Step>>> happenings = happenings(point, plan);
            int deciding = WAITS.length * Seen.values().length;
            int which = random.nextInt(6) == 0 ? random.nextInt(happenings.size()) : random.nextInt(deciding);
            Optional<Step> step = happenings.get(which).get();
            if (step.isPresent() && (!step.get().event().bad() || random.nextInt(20) == 0)) {
                law(point, step.get(), plan);
                point = new Point(step.get().transition().next(), step.get().now());
            }
        }
    }

    private static Path repository() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("docs/adr"))) {
            folder = Objects.requireNonNull(folder.getParent(), "no folder above holds docs/adr");
        }
        return folder;
    }

    private static Optional<String> edge(Point point, Step step) {
        String from = point.rollout().phase().text();
        String to = step.transition().next().phase().text();
        Optional<Decision> decision = step.transition().effects().stream()
                .filter(effect -> effect instanceof Effect.Write)
                .map(effect -> ((Effect.Write) effect).decision())
                .findFirst();
        boolean moves = point.rollout().phase().getClass()
                        != step.transition().next().phase().getClass()
                || point.rollout().phase().stageNumber()
                        != step.transition().next().phase().stageNumber();
        return moves
                ? decision.map(told ->
                        "    " + from + " --> " + to + " : " + told.kind().text())
                : Optional.empty();
    }

    private static int explore(Plan plan, Set<String> edges) {
        Map<String, Point> known = new HashMap<>();
        Map<String, Set<String>> comesFrom = new HashMap<>();
        Deque<Point> open = new ArrayDeque<>();
        for (boolean draft : new boolean[] {true, false}) {
            Point first = new Point(
                    RolloutMachine.start(identity(), plan, "ana", draft).next(), START);
            edges.add("    [*] --> " + first.rollout().phase().text());
            if (known.putIfAbsent(first.key(plan), first) == null) {
                open.add(first);
            }
        }
        while (!open.isEmpty()) {
            Point point = open.poll();
            boolean breachEnds = point.rollout().phase().isPrivate();
            for (Supplier<Optional<Step>> happening : happenings(point, plan)) {
                Optional<Step> happened = happening.get();
                if (happened.isEmpty()) {
                    continue;
                }
                Step step = happened.get();
                law(point, step, plan);
                edge(point, step).ifPresent(edges::add);
                Point next = new Point(step.transition().next(), step.now());
                comesFrom
                        .computeIfAbsent(next.key(plan), key -> new HashSet<>())
                        .add(point.key(plan));
                if (known.putIfAbsent(next.key(plan), next) == null) {
                    open.add(next);
                }
                breachEnds |=
                        next.rollout().shareBp(plan) == 0 && !next.rollout().isLeased();
            }
            assertThat(breachEnds || point.rollout().phase().isOver())
                    .as(point.key(plan))
                    .isTrue();
        }
        assertThat(ending(known, comesFrom))
                .as("states from which no end can be reached")
                .isEmpty();
        return known.size();
    }

    private static Set<String> ending(Map<String, Point> known, Map<String, Set<String>> comesFrom) {
        Set<String> ends = new HashSet<>();
        Deque<String> open = new ArrayDeque<>();
        known.forEach((key, point) -> {
            if (point.rollout().phase().isOver()) {
                ends.add(key);
                open.add(key);
            }
        });
        while (!open.isEmpty()) {
            for (String before : comesFrom.getOrDefault(open.poll(), Set.of())) {
                if (ends.add(before)) {
                    open.add(before);
                }
            }
        }
        Set<String> stuck = new HashSet<>(known.keySet());
        stuck.removeAll(ends);
        return stuck;
    }

    /// Everything that can happen next; empty where it is refused.
    private static List<Supplier<Optional<Step>>> happenings(Point point, Plan plan) {
        List<Supplier<Optional<Step>>> all = new ArrayList<>();
        Rollout rollout = point.rollout();
        boolean returning = rollout.phase() instanceof Phase.RollingBack;
        for (int wait : WAITS) {
            Instant now = point.now().plusSeconds(wait);
            for (Seen seen : Seen.values()) {
                all.add(() -> decided(rollout, plan, seen, Fleet.UNKNOWN, now));
            }
        }
        for (int wait : WAITS) {
            Instant now = point.now().plusSeconds(wait);
            for (Seen seen : returning ? Seen.values() : new Seen[] {Seen.BAD}) {
                all.add(() -> decided(rollout, plan, seen, new Fleet(10, 3, 3, 0), now));
            }
        }
        for (Act.Kind kind : Act.Kind.values()) {
            for (String who : List.of("ana", "ben")) {
                for (Seen seen : List.of(Seen.NOTHING, Seen.BAD)) {
                    all.add(() -> acted(point, plan, new Act(kind, who, "because"), seen));
                }
            }
        }
        for (long agreed : new long[] {195, 100, 170}) {
            all.add(() -> done(
                    HumanActs.validated(rollout, plan, 200, agreed, "ana", "", point.now()),
                    new Event("validated", true, true, false),
                    point.now()));
        }
        return all;
    }

    private static Optional<Step> decided(Rollout rollout, Plan plan, Seen seen, Fleet fleet, Instant now) {
        Evidence evidence = with(Seen.evidence(plan, seen, rollout.phase(), now), fleet);
        return Optional.of(new Step(
                new Event("decide " + seen, false, seen == Seen.GOOD, seen == Seen.BAD),
                new RolloutMachine(rollout, plan, evidence, verdicts(plan, seen, rollout.phase()), now).decide(),
                now));
    }

    /// The judge's verdicts on this kind of evidence: they do not depend on the moment, and take it a millisecond.
    private static List<Verdict> verdicts(Plan plan, Seen seen, Phase phase) {
        return VERDICTS.computeIfAbsent(
                seen + " " + (phase.stageNumber() > 0),
                key -> Judge.verdicts(plan, Seen.evidence(plan, seen, phase, START)));
    }

    private static Optional<Step> acted(Point point, Plan plan, Act act, Seen seen) {
        Evidence evidence = with(
                Seen.evidence(plan, seen, point.rollout().phase(), point.now()),
                seen == Seen.BAD ? new Fleet(10, 3, 3, 0) : Fleet.UNKNOWN);
        return done(
                HumanActs.act(
                        new RolloutMachine(
                                point.rollout(),
                                plan,
                                evidence,
                                verdicts(plan, seen, point.rollout().phase()),
                                point.now()),
                        point.rollout(),
                        plan,
                        act,
                        point.now()),
                new Event(act.kind() + " by " + act.who(), true, true, seen == Seen.BAD),
                point.now());
    }

    private static Optional<Step> done(HumanActs.Answer answer, Event event, Instant now) {
        return answer instanceof HumanActs.Answer.Done done
                ? Optional.of(new Step(event, done.transition(), now))
                : Optional.empty();
    }

    private static Evidence with(Evidence evidence, Fleet fleet) {
        return new Evidence(
                evidence.ledger(),
                evidence.open(),
                evidence.lastAppendMs(),
                evidence.driftHold(),
                evidence.fault(),
                fleet);
    }

    private static void law(Point point, Step step, Plan plan) {
        Rollout before = point.rollout();
        Rollout after = step.transition().next();
        String at = step.event().name() + " at " + point.key(plan) + " -> " + after.phase();
        boolean rose = after.shareBp(plan) > before.shareBp(plan);
        if (rose && !step.event().human()) {
            boolean completion = before.phase() instanceof Phase.Watched || after.phase() instanceof Phase.Completed;
            assertThat(step.event().good()).as(at).isTrue();
            assertThat(before.phase() instanceof Phase.Active || completion)
                    .as(at)
                    .isTrue();
        }
        boolean completed = before.phase() instanceof Phase.Watched && after.phase() instanceof Phase.Completed;
        if ((rose || completed) && !step.event().human()) {
            assertThat(step.event().good()).as(at).isTrue();
            int asked = plan.conduct().safeMode() ? 1 : 0;
            assertThat(before.carried().approvals().size()).as(at).isGreaterThanOrEqualTo(asked);
            assertThat(plan.conduct().blackouts()).as(at).isEmpty();
        }
        if (rose) {
            assertThat(step.event().bad() && !before.phase().isPrivate()).as(at).isFalse();
        }
        boolean exposed = before.phase() instanceof Phase.Active
                || before.phase() instanceof Phase.Paused
                || before.phase() instanceof Phase.Watched;
        if (step.event().bad() && !step.event().human() && exposed) {
            assertThat(after.phase() instanceof Phase.RollingBack || after.phase() instanceof Phase.RolledBack)
                    .as(at)
                    .isTrue();
            assertThat(after.shareBp(plan)).as(at).isZero();
        }
        exposed(step, before, after, plan, at);
        told(step, before, after, plan, at);
    }

    /// Nobody is exposed for longer than the plan allows because a rollout stands still.
    private static void exposed(Step step, Rollout before, Rollout after, Plan plan, String at) {
        OptionalLong minutes = plan.conduct().exposure().minutes();
        boolean below = before.isLeased() && before.phase().stageNumber() < plan.lastStage();
        if (minutes.isEmpty() || !below || step.event().human()) {
            return;
        }
        Duration exposed = Duration.between(before.carried().exposedSince().orElse(step.now()), step.now());
        if (exposed.toMinutes() >= minutes.getAsLong()) {
            assertThat(after.phase().stageNumber() > before.phase().stageNumber() || after.shareBp(plan) == 0)
                    .as(at)
                    .isTrue();
        }
    }

    /// Whatever devices must do differently, they are told.
    private static void told(Step step, Rollout before, Rollout after, Plan plan, String at) {
        boolean directed = step.transition().effects().stream().anyMatch(effect -> effect instanceof Effect.Direct);
        if (!before.phase().isPrivate() || !after.phase().isPrivate()) {
            boolean never = before.phase().isPrivate() && after.phase() instanceof Phase.Aborted;
            if (!never && !asTold(before, plan).equals(asTold(after, plan))) {
                assertThat(directed).as(at).isTrue();
            }
        }
        if (directed) {
            assertThat(step.transition().decides()).as(at).isTrue();
        }
    }

    private static Directive asTold(Rollout rollout, Plan plan) {
        return Orders.directive(rollout, plan, 1, new Effect.Direct(0, ""), START);
    }

    private static List<Conduct> conducts() {
        Conduct.Validation offline = new Conduct.Validation(100, 0.85);
        return List.of(
                Conduct.PLAIN,
                Conduct.PLAIN.withWatch(60),
                conduct(Optional.of(offline), true, List.of(), Exposure.UNLIMITED, 60),
                conduct(Optional.empty(), false, List.of(ALWAYS), Exposure.UNLIMITED, 0),
                conduct(
                        Optional.of(offline),
                        false,
                        List.of(),
                        new Exposure(
                                OptionalLong.empty(), OptionalLong.empty(), OptionalLong.of(5), OptionalLong.empty()),
                        60));
    }

    private static Conduct conduct(
            Optional<Conduct.Validation> validation,
            boolean safeMode,
            List<Blackout> blackouts,
            Exposure exposure,
            long watch) {
        return new Conduct(
                validation,
                safeMode,
                Optional.of(new Conduct.NoEvidence(90, safeMode ? OnUndecided.HOLD : OnUndecided.ROLLBACK)),
                blackouts,
                exposure,
                new TreeMap<>(),
                watch,
                0,
                false,
                0);
    }

    /// So many canary stages, of which the last has everything.
    private static Plan plan(OnUndecided policy, Conduct conduct, int canaries) {
        TreeMap<String, Gate> gates = new TreeMap<>(Map.of("agreement", Gate.SAFE));
        List<Stage> stages = new ArrayList<>();
        for (int i = 0; i <= canaries; i++) {
            stages.add(new Stage(
                    "s" + i, i * 10_000 / canaries, 10, 100, 100, 30, 10_000, i == 0 ? 10_000 : 0, gates, policy));
        }
        return new Plan(
                "explored",
                stages,
                List.of(new Guardrail("agreement", GuardrailKind.AGREEMENT, 0.85, 1, OptionalDouble.empty(), 100)),
                new Terms(0.01, 0.05, 60, 2_000, 60, 15),
                new TreeMap<>(),
                Set.of(),
                conduct);
    }

    private static Rollout.Identity identity() {
        return RolloutMachineTest.identity();
    }
}
