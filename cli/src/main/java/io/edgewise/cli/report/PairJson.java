// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.report;

import io.edgewise.cli.pairs.Attribution;
import io.edgewise.cli.pairs.Calibration;
import io.edgewise.cli.pairs.Latency;
import io.edgewise.cli.pairs.PairReport;
import io.edgewise.cli.pairs.Summary;
import io.edgewise.statistics.proportion.Interval;
import io.edgewise.statistics.proportion.Proportion;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Whether the edge model is good enough, for programs.
public final class PairJson {
    private PairJson() {}

    public static String of(PairReport report) {
        Map<String, Object> json =
                Json.object("report", "validate", "version", 1, "source", report.source(), "floor", report.floor());
        json.putAll(summary(report.all(), report.unit()));
        json.put("doubt", PairText.doubt(report));
        json.put("notes", report.notes());
        json.put("attribution", report.attribution().map(PairJson::attribution));
        json.put(
                "slices",
                report.slices().stream()
                        .map(table -> Json.object(
                                "column",
                                table.column(),
                                "slices",
                                table.slices().stream()
                                        .map(slice -> slice(slice, report.unit()))
                                        .toList()))
                        .toList());
        json.put(
                "bias",
                report.biases().stream()
                        .map(bias -> Json.object(
                                "column", bias.column(),
                                "measure", bias.measure(),
                                "gap", bias.gap(),
                                "interval", interval(bias.interval()),
                                "shown", bias.isShown(),
                                "highest", bias.high(),
                                "highestShare", bias.highShare(),
                                "lowest", bias.low(),
                                "lowestShare", bias.lowShare(),
                                "groups", bias.groups(),
                                "groupsTooSmall", bias.leftOut()))
                        .toList());
        json.put(
                "confused",
                report.confused().stream()
                        .map(pair -> Json.object(
                                "edge",
                                pair.edge(),
                                "frontier",
                                pair.frontier(),
                                "count",
                                pair.count(),
                                "share",
                                pair.share()))
                        .toList());
        json.put(
                "confusion",
                Json.object(
                        "complete",
                        report.confusion().complete(),
                        "cells",
                        report.confusion().cells().stream()
                                .map(cell -> Json.object(
                                        "edge", cell.edge(), "frontier", cell.frontier(), "count", cell.count()))
                                .toList()));
        return Json.of(json);
    }

    private static Map<String, Object> slice(PairReport.Slice slice, String unit) {
        Map<String, Object> json =
                Json.object("slice", slice.name(), "belowFloor", slice.below(), "logE", slice.logE());
        json.putAll(summary(slice.summary(), unit));
        return json;
    }

    private static Map<String, Object> summary(Summary summary, String unit) {
        Map<String, Object> json = Json.object(
                "rows", summary.rows(),
                "verdict", summary.verdict().word().toString(),
                "needed", summary.verdict().needed(),
                "why", summary.verdict().why(),
                "agreement", share(summary.agreement()),
                "missingEdge", summary.totals().missingChallenger(),
                "missingFrontier", summary.totals().missingFrontier(),
                "completeness", summary.totals().completeness(),
                "kappa",
                        Json.object(
                                "value", summary.agreed().kappa(),
                                "low", summary.agreed().low(),
                                "high", summary.agreed().high(),
                                "labels", summary.agreed().labels()));
        if (summary.hasTruth()) {
            json.putAll(Json.object(
                    "edgeAccuracy", share(summary.edgeAccuracy()),
                    "frontierAccuracy", share(summary.frontierAccuracy()),
                    "mcNemar",
                            Json.object(
                                    "bothRight", summary.mcNemar().bothRight(),
                                    "onlyEdgeRight", summary.mcNemar().onlyFirstRight(),
                                    "onlyFrontierRight", summary.mcNemar().onlySecondRight(),
                                    "bothWrong", summary.mcNemar().bothWrong(),
                                    "pExact", summary.mcNemar().pExact(),
                                    "pMid", summary.mcNemar().pMid()),
                    "winShare",
                            Json.object(
                                    "value", summary.wins().share(),
                                    "interval",
                                            summary.wins().judged() == 0
                                                    ? Optional.empty()
                                                    : interval(summary.wins().interval(Summary.ALPHA)),
                                    "edgeWins", summary.wins().wins(),
                                    "frontierWins", summary.wins().losses(),
                                    "ties", summary.wins().ties(),
                                    "bothWrong", summary.wins().bothWrong(),
                                    "judged", summary.wins().judged())));
        }
        json.put("ece", summary.truth().map(PairJson::calibration));
        json.put("agreementEce", summary.frontier().map(PairJson::calibration));
        if (summary.hasRefusals()) {
            json.put("edgeRefusal", share(summary.edgeRefusal()));
            json.put("frontierRefusal", share(summary.frontierRefusal()));
        }
        if (summary.escalation().n() > 0) {
            json.put("escalation", share(summary.escalation()));
        }
        json.put("edgeLatency", latency(summary.edgeLatency(), unit));
        json.put("frontierLatency", latency(summary.frontierLatency(), unit));
        return json;
    }

    private static Map<String, Object> share(Proportion share) {
        Map<String, Object> json = Json.object("share", share.share(), "events", share.events(), "n", share.n());
        json.put("interval", share.n() == 0 ? Optional.empty() : interval(share.wilson(Summary.ALPHA)));
        return json;
    }

    private static List<Double> interval(Interval interval) {
        return List.of(interval.low(), interval.high());
    }

    private static Map<String, Object> calibration(Calibration calibration) {
        return Json.object(
                "value", calibration.ece(),
                "interval", List.of(calibration.low(), calibration.high()),
                "noiseFloor", calibration.floor(),
                "gap", calibration.gap(),
                "mce", calibration.mce(),
                "meanConfidence", calibration.meanConfidence(),
                "n", calibration.n(),
                "verdict", calibration.verdict().map(Object::toString),
                "diagram",
                        calibration.points().stream()
                                .map(point -> Json.object(
                                        "bin", point.bin(),
                                        "n", point.n(),
                                        "confidence", point.meanConfidence(),
                                        "right", point.accuracy(),
                                        "low", point.low(),
                                        "high", point.high()))
                                .toList());
    }

    private static Optional<Map<String, Object>> latency(Optional<Latency> latency, String unit) {
        return latency.map(seen -> {
            Map<String, Object> json = Json.object("unit", unit, "n", seen.n());
            List<String> names = new ArrayList<>(List.of("p50", "p90", "p95", "p99", "p99.9"));
            for (int i = 0; i < names.size(); i++) {
                json.put(names.get(i), seen.percentiles().get(i));
            }
            return json;
        });
    }

    private static Map<String, Object> attribution(Attribution attribution) {
        return Json.object(
                "build", attribution.build(),
                "reference", attribution.reference(),
                "n", attribution.n(),
                "changed", attribution.changed(),
                "changedInterval", interval(attribution.changedInterval()),
                "kappa", attribution.kappa(),
                "accuracyLost", attribution.lost(),
                "band", attribution.band().map(band -> List.of(band.from(), band.to())),
                "place", attribution.place());
    }
}
