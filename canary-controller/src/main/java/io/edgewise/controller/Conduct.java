// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// How a plan is carried out, beside its stages and guardrails.
///
/// @param validation what an offline set must show before shadow; empty: nothing is asked
/// @param safeMode the controller never raises the share by itself: a person approves each step. Breaches still roll
///     back by themselves
/// @param noEvidence what happens when nothing is measured for too long; empty: only the stage's time decides
/// @param blackouts times in which the share does not rise
/// @param exposure the most that the stages below the last may expose
/// @param selector attribute to value: only devices that have them take part
/// @param watchSeconds how long a promotion is watched, with the champion still resident, before it is completed
/// @param holdbackBp users who stay with the champion in the last stage and while it is watched
/// @param hybrid the last stage may have less than all the traffic, or doubt answers, for good
/// @param repeatBp of the pairs, those whose champion is asked twice
public record Conduct(
        Optional<Validation> validation,
        boolean safeMode,
        Optional<NoEvidence> noEvidence,
        List<Blackout> blackouts,
        Exposure exposure,
        SortedMap<String, String> selector,
        long watchSeconds,
        int holdbackBp,
        boolean hybrid,
        int repeatBp) {
    public static final Conduct PLAIN = new Conduct(
            Optional.empty(), false, Optional.empty(), List.of(), Exposure.UNLIMITED, new TreeMap<>(), 0, 0, false, 0);

    public Conduct {
        blackouts = List.copyOf(blackouts);
        selector = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(Map.copyOf(selector)));
    }

    /// An offline set: labelled, or judged by the frontier. It passes when the lower 95 % bound of its agreement is at
    /// the floor, fails when the upper one is below it, and wants more examples in between.
    public record Validation(long minExamples, double minAgreement) {}

    /// After so long without anything measured, the policy acts once.
    public record NoEvidence(long afterSeconds, OnUndecided then) {}

    public Conduct withWatch(long seconds) {
        return new Conduct(
                validation, safeMode, noEvidence, blackouts, exposure, selector, seconds, holdbackBp, hybrid, repeatBp);
    }

    /// What a plan's hash covers: the fields that every conduct has, and the others where they say
    /// something.
    String canonical() {
        String text = "Conduct[validation=" + validation + ", safeMode=" + safeMode + ", noEvidence=" + noEvidence
                + ", blackouts=" + blackouts + ", exposure=" + exposure + ", selector=" + selector + ", watchSeconds="
                + watchSeconds + ", holdbackBp=" + holdbackBp + ", hybrid=" + hybrid + "]";
        return repeatBp == 0 ? text : text + " repeatBp=" + repeatBp;
    }
}
