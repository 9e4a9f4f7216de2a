// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.shell;

import io.edgewise.agent.EdgeModel;
import io.edgewise.agent.ModelAnswer;
import io.edgewise.cli.table.BadInput;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongSupplier;

/// The answers of one model to all requests, in their order. A server is asked a few at a time; the first request goes
/// alone, so that a wrong address or key costs one.
final class Answers implements AutoCloseable {
    private static final double MICROSECOND = 1e3;
    private static final int FAILED_IN_A_ROW = 20;

    private final EdgeModel model;
    private final Iterator<String> texts;
    private final int atOnce;
    private final LongSupplier clock;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Deque<Future<Timed>> asked = new ArrayDeque<>();
    private final Map<String, Integer> failures = new TreeMap<>();
    private int inARow;
    private boolean answered;

    Answers(EdgeModel model, List<String> texts, int atOnce, LongSupplier clock) {
        this.model = model;
        this.texts = texts.iterator();
        this.atOnce = model instanceof ApiModel ? atOnce : 1;
        this.clock = clock;
    }

    /// @param answer empty where the server gave none; `failure` says why
    record Timed(Optional<ModelAnswer> answer, double microseconds, Optional<ApiModel.Failure> failure) {
        String label() {
            return answer.map(ModelAnswer::label).orElse("");
        }
    }

    Timed next() {
        Timed timed = atOnce == 1 ? ask(texts.next()) : ahead();
        if (timed.failure().isPresent()) {
            failed(timed.failure().get());
        } else {
            answered = true;
            inARow = 0;
        }
        return timed;
    }

    private void failed(ApiModel.Failure failure) {
        failures.merge(failure.code(), 1, Integer::sum);
        inARow++;
        if (!answered || inARow == FAILED_IN_A_ROW) {
            throw new BadInput(
                    (answered ? inARow + " requests in a row have no answer: " : "no answer to the first request: ")
                            + failure.getMessage() + ". Nothing was written.",
                    failure);
        }
    }

    private Timed ahead() {
        int wanted = answered ? atOnce : 1;
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
            throw new IllegalStateException(model.build() + " failed: " + e.getCause(), e);
        }
    }

    private Timed ask(String text) {
        long began = clock.getAsLong();
        try {
            ModelAnswer answer = model.infer(text);
            return new Timed(Optional.of(answer), (clock.getAsLong() - began) / MICROSECOND, Optional.empty());
        } catch (ApiModel.Failure e) {
            return new Timed(Optional.empty(), Double.NaN, Optional.of(e));
        }
    }

    /// A line for people where answers are missing.
    Optional<String> missing() {
        return failures.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        failures.values().stream().mapToInt(Integer::intValue).sum() + " requests have no answer of "
                                + model.build() + ": " + failures);
    }

    /// Does not wait for answers that nobody wants any more.
    @Override
    public void close() {
        threads.shutdownNow();
    }
}
