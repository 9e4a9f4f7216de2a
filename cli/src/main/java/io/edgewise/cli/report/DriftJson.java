// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.report;

import io.edgewise.cli.columns.ColumnDrift;
import io.edgewise.cli.columns.DriftReport;
import io.edgewise.cli.columns.Kind;
import java.util.List;
import java.util.Map;

/// What has moved, for programs.
public final class DriftJson {
    private DriftJson() {}

    public static String of(DriftReport report) {
        return Json.of(Json.object(
                "report", "drift",
                "version", 1,
                "baseline",
                        Json.object(
                                "file",
                                report.baseline().name(),
                                "rows",
                                report.baseline().rows()),
                "current",
                        Json.object(
                                "file",
                                report.current().name(),
                                "rows",
                                report.current().rows()),
                "limits",
                        Json.object(
                                "psiWarn", report.limits().warn(),
                                "psiAct", report.limits().act(),
                                "alpha", report.limits().alpha(),
                                "effect", report.limits().effect(),
                                "apart", report.limits().apart()),
                "severity", report.severity().text(),
                "columns", columns(report.columns()),
                "by", report.by(),
                "groups",
                        report.groups().stream()
                                .map(group -> Json.object(
                                        "group", group.group(),
                                        "baselineRows", group.baselineRows(),
                                        "currentRows", group.currentRows(),
                                        "severity", group.severity().text(),
                                        "columns", columns(group.columns())))
                                .toList(),
                "notes", report.notes()));
    }

    private static List<Map<String, Object>> columns(List<ColumnDrift> columns) {
        return columns.stream().map(DriftJson::column).toList();
    }

    private static Map<String, Object> column(ColumnDrift column) {
        ColumnDrift.Index index = column.index();
        ColumnDrift.Shape shape = column.shape();
        Map<String, Object> test = column.kind() == Kind.NUMERIC
                ? Json.object(
                        "test",
                        shape.test(),
                        "d",
                        shape.effect(),
                        "dAtMost",
                        shape.effect() + shape.over(),
                        "at",
                        shape.where())
                : Json.object(
                        "test", shape.test(),
                        "statistic", shape.statistic(),
                        "degrees", shape.degrees(),
                        "cramersV", shape.effect());
        test.putAll(Json.object("p", shape.p(), "pAsymptotic", shape.pAsymptotic(), "adjustedP", shape.adjusted()));
        return Json.object(
                "column", column.column(),
                "kind", column.kind().text(),
                "counted", column.counted(),
                "verdict", column.verdict().name(),
                "severity", column.severity().text(),
                "psi",
                        Json.object(
                                "value", index.psi(),
                                "corrected", index.corrected(),
                                "bins", index.bins(),
                                "pAboveWarn", index.pWarn(),
                                "pAboveAct", index.pAct(),
                                "level", index.level(),
                                "needed", index.needed()),
                "distribution", test,
                "jensenShannonBits", column.distances().jensenShannonBits(),
                "wasserstein", column.distances().wasserstein(),
                "wassersteinNormalised", column.distances().normalised(),
                "missing", apart(column.missing()),
                "unseen", column.unseen().map(DriftJson::apart),
                "baseline", side(column, column.baseline()),
                "current", side(column, column.current()),
                "moved",
                        column.moved().stream()
                                .map(moved -> Json.object(
                                        "bin", moved.bin(),
                                        "before", moved.before(),
                                        "now", moved.now(),
                                        "contribution", moved.contribution()))
                                .toList(),
                "notes", DriftText.reasons(column));
    }

    private static Map<String, Object> side(ColumnDrift column, ColumnDrift.Side side) {
        return column.kind() == Kind.NUMERIC
                ? Json.object(
                        "rows", side.rows(),
                        "values", side.values(),
                        "mean", side.mean(),
                        "least", side.least(),
                        "largest", side.largest())
                : Json.object("rows", side.rows(), "values", side.values(), "categories", side.different());
    }

    private static Map<String, Object> apart(ColumnDrift.Apart apart) {
        return Json.object("before", apart.before(), "now", apart.now(), "p", apart.p(), "adjustedP", apart.adjusted());
    }
}
