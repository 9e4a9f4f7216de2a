// SPDX-License-Identifier: Apache-2.0
package io.edgewise.demo.shell.frontier;

import io.edgewise.agent.EdgeModel;
import io.edgewise.agent.ModelAnswer;
import io.edgewise.demo.LatencyLaw;
import io.edgewise.demo.Sharpening;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// The large model on the far side of a simulated network. It samples among its most probable labels at its
/// temperature, so that it may answer the same request differently.
final class FrontierModel {
    private final EdgeModel model;
    private final double temperature;
    private final LatencyLaw network;
    private final SplittableRandom random;

    FrontierModel(EdgeModel model, double temperature, LatencyLaw network, long seed) {
        this.model = model;
        this.temperature = temperature;
        this.network = network;
        this.random = new SplittableRandom(seed);
    }

    /// What it chose, and how probable that was.
    record Choice(String label, double probability) {}

    Choice answer(String text, OptionalDouble asked) {
        long travel;
        double uniform;
        synchronized (random) {
            travel = network.sampleMicros(random);
            uniform = random.nextDouble();
        }
        travel(TimeUnit.MICROSECONDS.toNanos(travel));
        ModelAnswer answer = model.infer(text);
        int choice = Sharpening.pick(
                answer.top().stream().map(ModelAnswer.Candidate::probability).toList(),
                asked.orElse(temperature),
                uniform);
        ModelAnswer.Candidate chosen = answer.top().get(choice);
        return new Choice(chosen.label(), chosen.probability());
    }

    private static void travel(long nanos) {
        long arrival = System.nanoTime() + nanos;
        for (long left = nanos; left > 0; left = arrival - System.nanoTime()) {
            LockSupport.parkNanos(left);
            if (Thread.currentThread().isInterrupted()) {
                return;
            }
        }
    }

    String name() {
        return model.build();
    }

    /// Changes when the model does.
    String fingerprint() {
        return "fp_" + model.artifactSha256().substring(0, 12);
    }

    String platform() {
        return model.runtime() + " " + model.runtimeVersion();
    }
}
