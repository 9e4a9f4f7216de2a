// SPDX-License-Identifier: Apache-2.0
package io.edgewise.benchmarks.drift;

import io.edgewise.benchmarks.Result;
import io.edgewise.drift.DriftPolicy;
import io.edgewise.drift.Severity;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Detection delay and false alarms of the live judge on streams with known shifts, beside the rules of other tools
/// on the same windows. Deterministic: seeds are fixed, and nothing is timed.
public final class DriftDetection {
    private static final String COMMAND = "benchmarks/run drift";
    private static final String COMPARED = "evidently default";
    private static final int[] WINDOWS = {200, 500, 1_000};
    private static final int CALM_STREAMS = 60;
    private static final int CALM_WINDOWS = 10;
    private static final int SHIFTED_STREAMS = 11;
    private static final int BEFORE = 2;
    private static final int MOST_WINDOWS = 10;
    /// A day of rows each five minutes, and a week of hourly ones: shorter windows see the time of day.
    private static final int DAY = 288;

    private static final int WEEK = 168;

    /// The rows of one label, of a series without regular times.
    private static final int ONE_LABEL = 95;
    private static final int GRADUAL_WINDOW = 300;
    private static final int GRADUAL_FROM = 600;
    private static final DriftPolicy NAB_POLICY =
            new DriftPolicy(500, 50, 0.1, 0.25, 0.001, 0.1, 0.05, Set.of(), Set.of());

    private final List<Result> figures = new ArrayList<>();

    private DriftDetection() {}

    public static void main(String[] arguments) throws IOException {
        DriftDetection run = new DriftDetection();
        for (Streams.Scenarios scenarios : Streams.scenarios()) {
            for (int window : WINDOWS) {
                run.falseAlarms(scenarios, window);
                run.delays(scenarios, window);
            }
            run.gradual(scenarios);
        }
        run.traces();
        for (String series : List.of(
                "art_daily_small_noise",
                "ec2_request_latency_system_failure",
                "cpu_utilization_asg_misconfiguration",
                "rds_cpu_utilization_e47b3b",
                "machine_temperature_system_failure",
                "rogue_agent_key_hold",
                "ambient_temperature_system_failure")) {
            run.series(series, window(series));
        }
        Result.write("drift", run.figures);
    }

    private static int window(String series) {
        return series.startsWith("ambient") ? WEEK : series.startsWith("rogue") ? ONE_LABEL : DAY;
    }

    private static List<Detector> detectors(DriftPolicy policy) {
        List<Detector> all = new ArrayList<>();
        all.add(new LiveJudge(Severity.WARN, policy));
        all.add(new LiveJudge(Severity.ACT, policy));
        all.addAll(Others.all());
        return all;
    }

    /// Windows drawn from `control`, which is the baseline's traffic on other utterances.
    private void falseAlarms(Streams.Scenarios scenarios, int window) {
        Sample baseline = scenarios.named("baseline");
        Sample control = scenarios.named("control");
        Map<String, Object> windows = new TreeMap<>();
        Map<String, Object> streams = new TreeMap<>();
        for (Detector detector : detectors(DriftPolicy.DEFAULT)) {
            SplittableRandom random = new SplittableRandom(window);
            int alarmed = 0;
            int any = 0;
            for (int stream = 0; stream < CALM_STREAMS; stream++) {
                Detector.Watch watch = detector.watch(baseline);
                boolean wrong = false;
                for (int i = 0; i < CALM_WINDOWS; i++) {
                    boolean alarm = watch.alarm(drawn(control, window, random));
                    alarmed += alarm ? 1 : 0;
                    wrong |= alarm;
                }
                any += wrong ? 1 : 0;
            }
            windows.put(detector.name(), (double) alarmed / (CALM_STREAMS * CALM_WINDOWS));
            streams.put(detector.name(), (double) any / CALM_STREAMS);
        }
        Map<String, Object> more = new LinkedHashMap<>();
        more.put("feature", scenarios.feature());
        more.put("window", window);
        more.put("windowsInAlarm", windows);
        more.put("streamsOfTenWindowsWithAlarm", streams);
        add("false alarms", "share of windows without change", windows, more);
    }

    /// Two calm windows, then up to ten of the scenario.
    private void delays(Streams.Scenarios scenarios, int window) {
        Sample baseline = scenarios.named("baseline");
        Sample control = scenarios.named("control");
        for (String name : scenarios.byName().keySet()) {
            if (List.of("baseline", "control", "gradual_oos").contains(name)) {
                continue;
            }
            Map<String, Object> delay = new TreeMap<>();
            Map<String, Object> found = new TreeMap<>();
            for (Detector detector : detectors(DriftPolicy.DEFAULT)) {
                SplittableRandom random = new SplittableRandom(window + 31L);
                double[] delays = new double[SHIFTED_STREAMS];
                int seen = 0;
                for (int stream = 0; stream < SHIFTED_STREAMS; stream++) {
                    Detector.Watch watch = detector.watch(baseline);
                    for (int i = 0; i < BEFORE; i++) {
                        watch.alarm(drawn(control, window, random));
                    }
                    int needed = 0;
                    boolean alarm = false;
                    while (!alarm && needed < MOST_WINDOWS) {
                        alarm = watch.alarm(drawn(scenarios.named(name), window, random));
                        needed++;
                    }
                    seen += alarm ? 1 : 0;
                    delays[stream] = alarm ? (double) needed * window : Double.POSITIVE_INFINITY;
                }
                Arrays.sort(delays);
                double median = delays[SHIFTED_STREAMS / 2];
                delay.put(detector.name(), Double.isInfinite(median) ? "never" : (Object) median);
                found.put(detector.name(), (double) seen / SHIFTED_STREAMS);
            }
            Map<String, Object> more = new LinkedHashMap<>();
            more.put("scenario", name);
            more.put("feature", scenarios.feature());
            more.put("window", window);
            more.put("medianDelay", delay);
            more.put("foundWithinTenWindows", found);
            add("detection delay", "requests until an alarm, median; 0: not found", delay, more);
        }
    }

    /// The change begins with request 600; windows in their order.
    private void gradual(Streams.Scenarios scenarios) {
        Sample ramp = scenarios.named("gradual_oos");
        Map<String, Object> delay = new TreeMap<>();
        Map<String, Object> early = new TreeMap<>();
        for (Detector detector : detectors(DriftPolicy.DEFAULT)) {
            Detector.Watch watch = detector.watch(scenarios.named("baseline"));
            Object first = "never";
            int wrong = 0;
            for (int at = 0; at + GRADUAL_WINDOW <= ramp.size(); at += GRADUAL_WINDOW) {
                boolean alarm = watch.alarm(ramp.part(at, at + GRADUAL_WINDOW));
                wrong += alarm && at < GRADUAL_FROM ? 1 : 0;
                if (alarm && at >= GRADUAL_FROM && first.equals("never")) {
                    first = (double) (at + GRADUAL_WINDOW - GRADUAL_FROM);
                }
            }
            delay.put(detector.name(), first);
            early.put(detector.name(), wrong);
        }
        Map<String, Object> more = new LinkedHashMap<>();
        more.put("scenario", "gradual_oos");
        more.put("feature", scenarios.feature());
        more.put("window", GRADUAL_WINDOW);
        more.put("medianDelay", delay);
        more.put("windowsInAlarmBefore", early);
        add(
                "detection delay",
                "requests from the beginning of a slow change until an alarm; 0: not found",
                delay,
                more);
    }

    /// Every other request of a conversation service is the baseline, then the others, then those of a code service.
    private void traces() {
        for (int column : new int[] {1, 2}) {
            Sample conversation = Streams.trace("conversation", column);
            Sample code = Streams.trace("code", column);
            Sample baseline = everyOther(conversation, 0);
            Sample calm = everyOther(conversation, 1);
            Map<String, Object> inAlarm = new TreeMap<>();
            Map<String, Object> delay = new TreeMap<>();
            for (Detector detector : detectors(DriftPolicy.DEFAULT)) {
                SplittableRandom random = new SplittableRandom(column);
                Detector.Watch watch = detector.watch(baseline);
                int windows = 50;
                int alarmed = 0;
                for (int i = 0; i < windows; i++) {
                    alarmed += watch.alarm(drawn(calm, 500, random)) ? 1 : 0;
                }
                inAlarm.put(detector.name(), (double) alarmed / windows);
                Detector.Watch shifted = detector.watch(baseline);
                Object first = "never";
                for (int i = 0; i < MOST_WINDOWS && first.equals("never"); i++) {
                    first = shifted.alarm(code.part(500 * i, 500 * (i + 1))) ? (Object) (500.0 * (i + 1)) : first;
                }
                delay.put(detector.name(), first);
            }
            Map<String, Object> more = new LinkedHashMap<>();
            more.put("scenario", "conversation to code");
            more.put("feature", column == 1 ? "prompt tokens" : "generated tokens");
            more.put("window", 500);
            more.put("medianDelay", delay);
            more.put("windowsInAlarm", inAlarm);
            add("detection delay", "requests until an alarm; 0: not found", delay, more);
        }
    }

    /// A series in its order, the rows before the first label as the reference: shares of windows in alarm that
    /// touch a label, and that do not; and the delay of each label.
    private void series(String name, int window) throws IOException {
        NabLabels labels = NabLabels.of(name);
        Sample series = Streams.nab(name);
        Sample reference = series.part(0, labels.reference());
        Map<String, Object> inside = new TreeMap<>();
        Map<String, Object> outside = new TreeMap<>();
        Map<String, Object> delays = new TreeMap<>();
        for (Detector detector : detectors(NAB_POLICY)) {
            Detector.Watch watch = detector.watch(reference);
            List<NabLabels.Seen> seen = new ArrayList<>();
            int[] alarms = new int[2];
            int[] windows = new int[2];
            for (int at = labels.reference(); at + window <= series.size(); at += window) {
                int kind = labels.touch(at, at + window) ? 1 : 0;
                boolean alarm = watch.alarm(series.part(at, at + window));
                seen.add(new NabLabels.Seen(at, at + window, alarm));
                windows[kind]++;
                alarms[kind] += alarm ? 1 : 0;
            }
            outside.put(detector.name(), windows[0] == 0 ? "none" : (Object) ((double) alarms[0] / windows[0]));
            inside.put(detector.name(), windows[1] == 0 ? "none" : (Object) ((double) alarms[1] / windows[1]));
            delays.put(detector.name(), labels.delays(seen));
        }
        Map<String, Object> more = new LinkedHashMap<>();
        more.put("series", name);
        more.put("window", window);
        more.put("windowsWithLabelInAlarm", inside);
        more.put("windowsWithoutLabelInAlarm", outside);
        more.put("rowsFromLabelToAlarm", delays);
        add("real series", "share of windows without label in alarm", outside, more);
    }

    private void add(String name, String unit, Map<String, Object> by, Map<String, Object> more) {
        String live = "edgewise warn";
        figures.add(new Result(
                name,
                number(by.get(live)),
                unit,
                number(by.get(COMPARED)),
                COMPARED + ", same windows",
                COMMAND,
                more));
    }

    private static double number(@Nullable Object value) {
        return value instanceof Double number ? number : 0;
    }

    private static Sample everyOther(Sample sample, int from) {
        double[] values = new double[(sample.size() - from + 1) / 2];
        for (int i = 0; i < values.length; i++) {
            values[i] = sample.values()[2 * i + from];
        }
        return sample.of(values);
    }

    /// With replacement.
    private static Sample drawn(Sample pool, int size, SplittableRandom random) {
        double[] values = new double[size];
        for (int i = 0; i < size; i++) {
            values[i] = pool.values()[random.nextInt(pool.size())];
        }
        return pool.of(values);
    }
}
