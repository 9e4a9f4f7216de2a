// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.shell;

import io.edgewise.agent.EdgeModel;
import io.edgewise.agent.ModelAnswer;
import io.edgewise.cli.table.BadInput;
import io.edgewise.cli.table.Rows;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// The answers of one model to all requests, in their order. A frontier's server is asked a few at a time; the first
/// request goes alone, so that a wrong address or key costs one. A server that is busy is asked again a little later.
final class Answers implements AutoCloseable {
    /// Stands for all answers that are no label; another one for each model, so that two of them never agree.
    private final String noLabel;

    private static final double MICROSECOND = 1e3;
    private static final int IN_A_ROW = 20;
    private static final long FIRST_PAUSE_MS = 500;

    private final EdgeModel model;
    private final Iterator<String> texts;
    private final Terms terms;
    private final int atOnce;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Deque<Future<Timed>> asked = new ArrayDeque<>();
    private final Map<String, Integer> failures = new TreeMap<>();
    private int failedInARow;
    private int answered;
    private int strange;
    private String example = "";

    /// @param labels that an answer of a server may be; none: any
    /// @param atOnce requests that a frontier's server has at once
    /// @param retries of a request where the server was busy
    record Terms(Set<String> labels, int atOnce, int retries, LongSupplier clock) {}

    /// @param arm "edge", "frontier" or "reference"
    Answers(String arm, EdgeModel model, List<String> texts, Terms terms) {
        this.noLabel = "(no label, " + arm + ")";
        this.model = model;
        this.texts = texts.iterator();
        this.terms = terms;
        this.atOnce = model instanceof ApiModel server && server.isFrontier() ? terms.atOnce() : 1;
    }

    /// @param answer empty where the server gave none; `failure` says why
    record Timed(Optional<ModelAnswer> answer, double microseconds, Optional<ApiModel.Failure> failure) {}

    /// What one request got.
    ///
    /// @param label empty where there is no answer
    record Given(String label, double confidence, double microseconds) {}

    Given next() {
        Timed timed = atOnce == 1 ? ask(texts.next()) : ahead();
        if (timed.failure().isPresent()) {
            failed(timed.failure().get());
        }
        if (timed.answer().isEmpty()) {
            return new Given("", Double.NaN, Double.NaN);
        }
        ModelAnswer answer = timed.answer().get();
        answered++;
        failedInARow = 0;
        return new Given(label(answer.label()), answer.confidence().orElse(Double.NaN), timed.microseconds());
    }

    private String label(String said) {
        if (!(model instanceof ApiModel)
                || terms.labels().isEmpty()
                || terms.labels().contains(said)) {
            return said;
        }
        example = strange++ == 0 ? said : example;
        if (strange == IN_A_ROW && answered == IN_A_ROW) {
            throw new BadInput("not one of the first " + IN_A_ROW + " answers of " + model.build()
                    + " is a label; the first was " + Rows.shown(example)
                    + ". Look at --prompt and --labels. Nothing was written.");
        }
        return noLabel;
    }

    private void failed(ApiModel.Failure failure) {
        failures.merge(failure.code(), 1, Integer::sum);
        failedInARow++;
        if (answered == 0 && failure.isHopeless() || failedInARow == IN_A_ROW) {
            throw new BadInput(
                    (failedInARow == 1 ? "no answer: " : failedInARow + " requests in a row have no answer: ")
                            + failure.getMessage() + ". Nothing was written.",
                    failure);
        }
    }

    private Timed ahead() {
        int wanted = answered > 0 ? atOnce : 1;
        while (asked.size() < wanted && texts.hasNext()) {
            String text = texts.next();
            asked.add(threads.submit(() -> ask(text)));
        }
        try {
            return asked.remove().get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BadInput("interrupted while " + model.build() + " was asked; nothing was written.", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(model.build() + " could not be asked", e);
        }
    }

    private Timed ask(String text) {
        for (int attempt = 0; ; attempt++) {
            long began = terms.clock().getAsLong();
            try {
                ModelAnswer answer = model.infer(text);
                return new Timed(
                        Optional.of(answer), (terms.clock().getAsLong() - began) / MICROSECOND, Optional.empty());
            } catch (ApiModel.Failure e) {
                if (!e.mayPass() || attempt == terms.retries() || !pause(FIRST_PAUSE_MS << attempt)) {
                    return new Timed(Optional.empty(), Double.NaN, Optional.of(e));
                }
            }
        }
    }

    /// False when nobody wants the answer any more.
    private static boolean pause(long millis) {
        try {
            return !new Semaphore(0).tryAcquire(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /// Sentences for people where answers are missing, or are no labels.
    List<String> notes() {
        List<String> notes = new ArrayList<>();
        if (!failures.isEmpty()) {
            List<String> reasons = new ArrayList<>();
            failures.forEach((code, times) -> reasons.add(code + " " + times));
            notes.add(failures.values().stream().mapToInt(Integer::intValue).sum() + " requests have no answer of "
                    + model.build() + ": " + String.join(", ", reasons) + ".");
        }
        if (strange > 0) {
            notes.add(strange + " answers of " + model.build() + " are no label and count as \"" + noLabel
                    + "\"; the first was " + Rows.shown(example) + ".");
        }
        return notes;
    }

    /// Does not wait for answers that nobody wants any more.
    @Override
    public void close() {
        threads.shutdownNow();
    }
}
