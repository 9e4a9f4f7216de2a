// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.wire;

import org.jspecify.annotations.Nullable;

/// What of an observation is counted, read from its bytes. Used again for the next record; not safe for
/// concurrent use.
public final class Request {
    static final int MOST_ARMS = 8;
    static final int MOST_ATTRIBUTES = 32;

    Word tenant = Word.EMPTY;
    Word device = Word.EMPTY;
    Word workload = Word.EMPTY;
    Word rollout = Word.EMPTY;
    Word deviceClass = Word.EMPTY;
    long epoch;
    long seq;
    long lastSeq;
    int kind;
    int idBytes;
    long idHead;
    long idTail;
    long eventTimeMs;
    long revision;
    int stage;
    int cohort;
    int served;
    boolean hasFallbackReason;
    boolean afterLease;
    boolean offline;
    boolean escalated;
    boolean emulated;
    boolean pairingSelected;
    int pairingRateBp;
    long latencyUs;
    boolean hasFirstToken;
    long firstTokenUs;
    boolean hasCost;
    long costNanos;
    boolean hasComparison;
    double agreement;
    boolean agrees;
    int arms;
    int features;
    int slices;
    int messages;
    final Answer[] answers = new Answer[MOST_ARMS];
    final Word[] featureNames = new Word[MOST_ATTRIBUTES];
    final double[] featureValues = new double[MOST_ATTRIBUTES];
    final Word[] sliceNames = new Word[MOST_ATTRIBUTES];
    final Word[] sliceValues = new Word[MOST_ATTRIBUTES];

    public Request() {
        for (int i = 0; i < MOST_ARMS; i++) {
            answers[i] = new Answer();
        }
    }

    /// Holds nothing but what a record of declared drops has of a request.
    public void clearFor(long drops) {
        clear();
        lastSeq = drops;
    }

    void clear() {
        tenant = Word.EMPTY;
        device = Word.EMPTY;
        workload = Word.EMPTY;
        rollout = Word.EMPTY;
        deviceClass = Word.EMPTY;
        epoch = 0;
        seq = 0;
        lastSeq = 0;
        kind = 0;
        idBytes = 0;
        idHead = 0;
        idTail = 0;
        eventTimeMs = 0;
        revision = 0;
        stage = 0;
        cohort = 0;
        served = 0;
        hasFallbackReason = false;
        afterLease = false;
        offline = false;
        escalated = false;
        emulated = false;
        pairingSelected = false;
        pairingRateBp = 0;
        latencyUs = 0;
        hasFirstToken = false;
        hasCost = false;
        costNanos = 0;
        hasComparison = false;
        agreement = 0;
        agrees = false;
        arms = 0;
        features = 0;
        slices = 0;
        messages = 0;
    }

    public Word tenant() {
        return tenant;
    }

    public Word device() {
        return device;
    }

    public Word workload() {
        return workload;
    }

    /// Empty outside any rollout.
    public Word rollout() {
        return rollout;
    }

    public Word deviceClass() {
        return deviceClass;
    }

    public long epoch() {
        return epoch;
    }

    public long seq() {
        return seq;
    }

    public long lastSeq() {
        return lastSeq;
    }

    /// The first eight bytes of the id, as a little-endian number.
    public long idHead() {
        return idHead;
    }

    /// The last eight bytes of the id.
    public long idTail() {
        return idTail;
    }

    public boolean isTraffic() {
        return kind == 1 && !emulated;
    }

    public boolean isEmulated() {
        return emulated;
    }

    public long eventTimeMs() {
        return eventTimeMs;
    }

    public int stage() {
        return stage;
    }

    /// Number of the protobuf enum.
    public int cohort() {
        return cohort;
    }

    /// Number of the role that answered; 0 when nothing did.
    public int served() {
        return served;
    }

    /// It was assigned by a directive whose lease had run out: its unit would be in the canary, and was not.
    public boolean isAfterLease() {
        return afterLease;
    }

    public boolean hasFallbackReason() {
        return hasFallbackReason;
    }

    public boolean isOffline() {
        return offline;
    }

    public boolean isEscalated() {
        return escalated;
    }

    public boolean isPairingSelected() {
        return pairingSelected;
    }

    public int pairingRateBp() {
        return pairingRateBp;
    }

    public long latencyUs() {
        return latencyUs;
    }

    public boolean hasFirstToken() {
        return hasFirstToken;
    }

    public long firstTokenUs() {
        return firstTokenUs;
    }

    public boolean hasCost() {
        return hasCost;
    }

    public long costNanos() {
        return costNanos;
    }

    public boolean hasComparison() {
        return hasComparison;
    }

    /// In [0, 1], up to rounding.
    public double agreement() {
        return agreement;
    }

    public boolean agrees() {
        return agrees;
    }

    public int arms() {
        return arms;
    }

    public Answer arm(int at) {
        return answers[at];
    }

    /// Null when no such arm is there.
    public @Nullable Answer withRole(int role) {
        for (int i = 0; i < arms; i++) {
            if (answers[i].role == role) {
                return answers[i];
            }
        }
        return null;
    }

    public int features() {
        return features;
    }

    public Word featureName(int at) {
        return featureNames[at];
    }

    public double featureValue(int at) {
        return featureValues[at];
    }

    public int slices() {
        return slices;
    }

    public Word sliceName(int at) {
        return sliceNames[at];
    }

    public Word sliceValue(int at) {
        return sliceValues[at];
    }
}
