// SPDX-License-Identifier: Apache-2.0
package io.edgewise.benchmarks;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import io.edgewise.contracts.Fault;
import io.edgewise.contracts.ObservationFaults;
import io.edgewise.contracts.v1.Observation;
import java.io.IOException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/// What it costs to read and write one paired observation, beside the same message as proto3-JSON.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ObservationCodecBenchmark {
    private static final int SAMPLES = 512;
    private static final long AT_MS = 1_800_000_000_000L;

    private final Observation[] observations = new Observation[SAMPLES];
    private final byte[][] encoded = new byte[SAMPLES][];
    private final String[] json = new String[SAMPLES];
    private int next;

    @Setup
    public void prepare() throws InvalidProtocolBufferException {
        SampleObservations samples = new SampleObservations(1);
        for (int i = 0; i < SAMPLES; i++) {
            observations[i] = samples.next("device-" + i, 1, i + 1, AT_MS);
            encoded[i] = observations[i].toByteArray();
            json[i] = JsonFormat.printer().omittingInsignificantWhitespace().print(observations[i]);
        }
    }

    @Benchmark
    public Observation decode() throws InvalidProtocolBufferException {
        return Observation.parseFrom(encoded[turn()]);
    }

    @Benchmark
    public List<Fault> decodeAndValidate() throws InvalidProtocolBufferException {
        return ObservationFaults.of(Observation.parseFrom(encoded[turn()]), AT_MS);
    }

    @Benchmark
    public byte[] encode() {
        return observations[turn()].toByteArray();
    }

    @Benchmark
    public Observation decodeJson() throws InvalidProtocolBufferException {
        Observation.Builder builder = Observation.newBuilder();
        JsonFormat.parser().merge(json[turn()], builder);
        return builder.build();
    }

    private int turn() {
        next = (next + 1) & (SAMPLES - 1);
        return next;
    }

    public static void main(String[] arguments) throws RunnerException, IOException {
        Collection<RunResult> runs = new Runner(new OptionsBuilder()
                        .include(ObservationCodecBenchmark.class.getName())
                        .jvmArgsAppend("--sun-misc-unsafe-memory-access=allow")
                        .build())
                .run();
        Map<String, Double> nanos = new LinkedHashMap<>();
        for (RunResult run : runs) {
            nanos.put(run.getPrimaryResult().getLabel(), run.getPrimaryResult().getScore());
        }
        Map<String, Object> more = new LinkedHashMap<>();
        nanos.forEach((label, score) -> more.put(label + "Nanos", Math.round(score)));
        Observation sample = new SampleObservations(1).next("device-1", 1, 1, AT_MS);
        more.put("bytes", sample.getSerializedSize());
        more.put(
                "jsonBytes",
                JsonFormat.printer()
                        .omittingInsignificantWhitespace()
                        .print(sample)
                        .length());
        new Result(
                        "observation-codec",
                        nanos.getOrDefault("decode", Double.NaN),
                        "ns per decoded observation",
                        nanos.getOrDefault("decodeJson", Double.NaN),
                        "the same message as proto3-JSON",
                        "benchmarks/run codec",
                        more)
                .write();
    }
}
