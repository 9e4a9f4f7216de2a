// SPDX-License-Identifier: Apache-2.0
package io.edgewise.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedMethod;
import jdk.jfr.consumer.RecordedThread;
import jdk.jfr.consumer.RecordingFile;

/// Where the evaluator's thread spends its time in Java code, by samples of its stack. Waiting is not sampled.
final class Profile {
    private static final Set<String> THREADS = Set.of("edgewise-evaluator", "edgewise-evaluator-writer");
    private static final String SAMPLE = "jdk.ExecutionSample";
    private static final int TOP = 10;
    private static final int DEEPEST = 256;

    /// What the frames from the top down to the first of these say about the work. The first that fits counts.
    private static final Map<String, String> PARTS = parts();

    private Profile() {}

    private static Map<String, String> parts() {
        Map<String, String> parts = new LinkedHashMap<>();
        parts.put("io.edgewise.evaluator.wire.", "decode and check");
        parts.put("io.edgewise.evaluator.shell.LaneStore", "flush: encode, store");
        parts.put("io.edgewise.evaluator.shell.HandOver", "hand-over to a flush");
        parts.put("io.edgewise.evaluator.Intake", "sender and place");
        parts.put("io.edgewise.evaluator.ObservationCounts", "what a record adds");
        parts.put("io.edgewise.evaluator.Pool", "adding to slices");
        parts.put("io.edgewise.evaluator.Lane", "marks, blocks, groups");
        parts.put("org.apache.kafka.", "Kafka client");
        parts.put("io.edgewise.evaluator.shell.EvaluatorLoop", "loop");
        return parts;
    }

    /// Work to be profiled.
    interface Task {
        void run() throws Exception;
    }

    /// Runs the task under the recorder: the methods at the top of most samples, and the parts of the work.
    static Map<String, Object> of(Task task, Path folder) throws Exception {
        Path file = folder.resolve("profile.jfr");
        try (Recording recording = new Recording()) {
            recording.enable(SAMPLE).withPeriod(Duration.ofMillis(10));
            recording.start();
            task.run();
            recording.stop();
            recording.dump(file);
        }
        return summary(file);
    }

    private static Map<String, Object> summary(Path file) throws IOException {
        Map<String, Integer> methods = new HashMap<>();
        Map<String, Integer> parts = new HashMap<>();
        int samples = 0;
        try (RecordingFile events = new RecordingFile(file)) {
            while (events.hasMoreEvents()) {
                RecordedEvent event = events.readEvent();
                if (isOurs(event)) {
                    List<RecordedFrame> frames = event.getStackTrace().getFrames();
                    samples++;
                    methods.merge(name(frames.getFirst()), 1, Integer::sum);
                    parts.merge(part(frames), 1, Integer::sum);
                }
            }
        }
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("samples", samples);
        summary.put("shareByPart", shares(parts, samples, parts.size()));
        summary.put("topMethods", shares(methods, samples, TOP));
        return summary;
    }

    private static boolean isOurs(RecordedEvent event) {
        if (!event.getEventType().getName().equals(SAMPLE) || event.getStackTrace() == null) {
            return false;
        }
        RecordedThread thread = event.getThread("sampledThread");
        return thread != null && thread.getJavaName() != null && THREADS.contains(thread.getJavaName());
    }

    private static String name(RecordedFrame frame) {
        RecordedMethod method = frame.getMethod();
        String type = method.getType().getName();
        return type.substring(type.lastIndexOf('.') + 1) + '.' + method.getName();
    }

    private static String part(List<RecordedFrame> frames) {
        for (RecordedFrame frame : frames.subList(0, Math.min(frames.size(), DEEPEST))) {
            String type = frame.getMethod().getType().getName();
            for (Map.Entry<String, String> part : PARTS.entrySet()) {
                if (type.startsWith(part.getKey())) {
                    return part.getValue();
                }
            }
        }
        return "other";
    }

    private static Map<String, Object> shares(Map<String, Integer> counts, int samples, int most) {
        Map<String, Object> shares = new LinkedHashMap<>();
        counts.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(most)
                .forEach(entry -> shares.put(entry.getKey(), Work.rounded((double) entry.getValue() / samples)));
        return shares;
    }
}
