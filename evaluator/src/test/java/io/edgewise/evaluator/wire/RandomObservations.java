// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.wire;

import com.google.protobuf.ByteString;
import io.edgewise.contracts.v1.Arm;
import io.edgewise.contracts.v1.DeviceContext;
import io.edgewise.contracts.v1.Money;
import io.edgewise.contracts.v1.Observation;
import io.edgewise.contracts.v1.SeqRange;
import java.util.SplittableRandom;

/// Observations of every shape: each field may be there or not, and now and then holds what is at or over its limit.
@SuppressWarnings("AvoidValueSetter") // numbers that no enum has are what this is about
final class RandomObservations {
    private static final String[] TEXTS = {
        "",
        "a",
        "phone",
        "Zürich",
        "東京",
        "🎈",
        " ",
        "tab\there",
        "del\u007f",
        "x".repeat(256),
        "x".repeat(257),
        "ü".repeat(129),
        "ü".repeat(256),
        "null\0",
        "\u0085",
        "other",
        "quite usual text"
    };
    private static final String[] NAMES = {"", "a", "default", "device-1", "Device", "ümlaut", "x".repeat(129), "a/b"};
    private static final double[] NUMBERS = {
        0, -0.0, 0.25, 1, 1.0000005, 1.00001, -0.1, Double.NaN, Double.POSITIVE_INFINITY, 1e300, Double.MIN_VALUE
    };
    private static final long[] WHOLES = {
        0,
        1,
        -1,
        127,
        128,
        10_000,
        10_001,
        1L << 32,
        (1L << 32) + 1,
        3_600_000_000L,
        3_600_000_001L,
        1L << 53,
        (1L << 53) + 1,
        Long.MAX_VALUE,
        Long.MIN_VALUE,
        Integer.MAX_VALUE,
        0x1_0000_0001L
    };

    private final SplittableRandom random;
    /// One field in so many is strange.
    private final int strange;

    RandomObservations(SplittableRandom random, int strange) {
        this.random = random;
        this.strange = strange;
    }

    Observation next(long nowMs) {
        Observation.Builder all = FleetObservations.next(random, nowMs - random.nextLong(86_400_000));
        if (isStrange()) {
            all.setEventTimeMs(nowMs + (random.nextBoolean() ? 300_000 : 300_001));
        }
        if (isStrange()) {
            all.setEventTimeMs(nowMs - 400L * 24 * 3_600_000L - random.nextInt(2));
        }
        identity(all);
        route(all);
        if (isStrange()) {
            all.setContext(context());
        }
        arms(all);
        attributes(all);
        return all.build();
    }

    private boolean isStrange() {
        return random.nextInt(strange) == 0;
    }

    private void identity(Observation.Builder all) {
        if (isStrange()) {
            all.setTenant(pick(NAMES));
        }
        if (isStrange()) {
            all.setDevice(pick(NAMES));
        }
        if (isStrange()) {
            all.setWorkload(pick(NAMES));
        }
        if (isStrange()) {
            all.setSpoolEpoch(0);
        }
        if (isStrange()) {
            all.setSeq(whole());
        }
        if (isStrange()) {
            all.setId(ByteString.copyFrom(new byte[random.nextInt(18)]));
        }
        if (isStrange()) {
            all.setKindValue(random.nextInt(5));
        }
        if (isStrange()) {
            all.addDropped(SeqRange.newBuilder().setFirst(1).setLast(2));
        }
        if (isStrange()) {
            all.setDropReason(pick(TEXTS));
        }
        if (isStrange()) {
            all.getTotalsBuilder().setLastSeq(whole()).setDropped(whole()).setShed(whole());
        }
        if (isStrange()) {
            all.clearTotals();
        }
    }

    private void route(Observation.Builder all) {
        if (random.nextInt(4) == 0) {
            all.clearRollout().clearRevision().clearCohort();
        }
        if (isStrange()) {
            all.setRollout(random.nextBoolean() ? "01ARZ3NDEKTSV4RRFFQ69G5FAU" : "8" + "0".repeat(25));
        }
        if (isStrange()) {
            all.setRevision(whole());
        }
        all.setStage(isStrange() ? (int) whole() : random.nextInt(4));
        if (isStrange()) {
            all.setCohortValue(random.nextInt(5) - 1);
        } else if (random.nextBoolean()) {
            all.setCohortValue(2);
        }
        if (isStrange()) {
            all.setServedValue(random.nextInt(6) - 1);
        }
        if (random.nextInt(5) == 0) {
            all.setFallbackReason(isStrange() ? pick(TEXTS) : "challenger-timeout");
        }
        all.setOffline(random.nextBoolean()).setEscalated(random.nextBoolean());
        all.setPairingSelected(random.nextBoolean());
        all.setPairingRateBp(isStrange() ? (int) whole() : random.nextInt(10_001));
        if (isStrange()) {
            all.setServedLatencyUs(whole());
        }
        if (random.nextBoolean()) {
            all.setServedTimeToFirstTokenUs(isStrange() ? whole() : random.nextInt(100_000));
        }
        if (random.nextInt(3) == 0) {
            all.clearServedCost();
        } else if (isStrange()) {
            all.setServedCost(money());
        }
    }

    private DeviceContext context() {
        DeviceContext.Builder context = DeviceContext.newBuilder()
                .setDeviceClass(pick(TEXTS))
                .setChipset(pick(TEXTS))
                .setThermal(pick(TEXTS))
                .setEmulated(random.nextBoolean());
        if (random.nextBoolean()) {
            context.setBattery(number());
        }
        return context.build();
    }

    private void arms(Observation.Builder all) {
        for (int i = 0; i < all.getArmsCount(); i++) {
            vary(all.getArmsBuilder(i));
        }
        if (random.nextInt(6) == 0) {
            all.clearComparison();
            all.getArmsBuilder(1).clearLabel().setErrorCode(isStrange() ? pick(TEXTS) : "timeout");
        }
        if (random.nextInt(6) == 0) {
            all.addArms(Arm.newBuilder()
                    .setRoleValue(isStrange() ? random.nextInt(5) : 3)
                    .setLabel("reference"));
        }
        if (isStrange()) {
            int more = random.nextInt(8);
            for (int i = 0; i < more; i++) {
                all.addArms(Arm.newBuilder().setRoleValue(random.nextInt(4)).setErrorCode("shed"));
            }
        }
        if (isStrange()) {
            all.clearArms();
        }
        if (isStrange() && all.hasComparison()) {
            all.getComparisonBuilder().setAgreement(number()).setDefinition(pick(TEXTS));
        }
    }

    private void vary(Arm.Builder arm) {
        if (isStrange()) {
            arm.setLabel(pick(TEXTS));
        }
        if (isStrange()) {
            arm.setText(pick(TEXTS)).setRefusalDefinition(pick(TEXTS)).setConfidenceSource(pick(TEXTS));
        }
        if (isStrange()) {
            arm.setTextDigest(ByteString.copyFrom(new byte[random.nextInt(33)]));
        }
        if (isStrange()) {
            arm.setConfidence(number());
        }
        if (isStrange()) {
            arm.setEntropy(number());
        }
        if (isStrange()) {
            arm.clearTokensIn().setTokensOut(whole());
        }
        if (isStrange()) {
            arm.clearTokensOut().clearTokensIn();
        }
        if (isStrange()) {
            arm.setOutputLength(whole());
        }
        if (isStrange()) {
            arm.setTimeToFirstTokenUs(whole());
        }
        if (isStrange()) {
            arm.setLatencyUs(whole());
        }
        if (isStrange()) {
            arm.setCost(money());
        }
        if (isStrange()) {
            arm.clearRan();
        }
        if (isStrange()) {
            arm.getFrontierBuilder().setModel(pick(TEXTS));
        }
        if (isStrange()) {
            arm.addTopBuilder().setLabel(pick(TEXTS)).setProbability(number());
        }
        arm.setRefusalValue(isStrange() ? random.nextInt(7) - 1 : random.nextInt(4));
        if (random.nextInt(3) == 0) {
            arm.setSchemaValid(random.nextBoolean());
        }
    }

    private void attributes(Observation.Builder all) {
        if (isStrange()) {
            all.putFeatures(pick(NAMES), number());
        }
        if (isStrange()) {
            all.putSlices(pick(NAMES), pick(TEXTS));
        }
        if (isStrange()) {
            int more = 29 + random.nextInt(4);
            for (int i = 0; i < more; i++) {
                all.putSlices("s" + i, "v").putFeatures("f" + i, i);
            }
        }
    }

    private Money money() {
        return Money.newBuilder()
                .setNanos(whole())
                .setCurrency(random.nextBoolean() ? "EUR" : pick(TEXTS))
                .setPriceCard(pick(TEXTS))
                .build();
    }

    private double number() {
        return NUMBERS[random.nextInt(NUMBERS.length)];
    }

    private long whole() {
        return WHOLES[random.nextInt(WHOLES.length)];
    }

    private String pick(String[] from) {
        return from[random.nextInt(from.length)];
    }
}
