// SPDX-License-Identifier: Apache-2.0
package io.edgewise.contracts.tally;

import java.util.List;

/// Names of the measures in a {@link Tally} and what their buckets mean. Frozen once written: a new meaning gets a new
/// name. "Role" buckets are the numbers of the protobuf enum: 1 champion, 2 challenger, 3 reference.
public final class Measures {
    /// Bucket 0: requests.
    public static final String REQUESTS = "requests";
    /// Bucket = role: which arm the user was served.
    public static final String SERVED = "served";
    /// Bucket 0: answered by another arm than the assigned one. 1: escalated. 2: offline.
    public static final String DETOURS = "detours";
    /// Bucket 2*role: attempts of the arm. 2*role+1: of these, failed (error, time-out, invalid output, refused by an
    /// open breaker). A mirror that the device shed is no attempt.
    public static final String ATTEMPTS = "attempts";
    /// What the cohort's assigned arm did. Bucket 0: attempts; 1: failed, also where a fall-back saved the answer.
    public static final String ASSIGNED = "assigned";
    /// Bucket 2*role: answers with a refusal class; 2*role+1: refused.
    public static final String REFUSALS = "refusals";
    /// Bucket = latency cell ({@code statistics.grid.LogGrid}), of what the user met, in microseconds.
    public static final String USER_LATENCY = "latency.user";
    /// The same for an arm's own latency: + role number, "latency.arm.1".
    public static final String ARM_LATENCY = "latency.arm.";
    /// Time to the first token that the user met, like the latency.
    public static final String USER_FIRST_TOKEN = "first-token.user";
    /// The same for an arm's own: + role number.
    public static final String ARM_FIRST_TOKEN = "first-token.arm.";
    /// Length of an arm's output: + role number. Bucket = cell of {@code statistics.grid.ValueGrid}.
    public static final String OUTPUT_LENGTH = "output-length.arm.";
    /// From the device's event time to the log's append time in milliseconds; bucket = cell of
    /// {@code statistics.grid.LogGrid}, whose zero cell holds what came from the future.
    public static final String ARRIVAL = "arrival";
    /// Bucket 0: sum of the cost that the requests caused, nano-units; 1: priced requests.
    public static final String USER_COST = "cost.user";
    /// Bucket 0: sum of the energy that the requests' arms took from the device by its estimate, microjoules; 1:
    /// requests
    /// with such an estimate.
    public static final String USER_ENERGY = "energy.user";
    /// Bucket 2*role: nano-units; 2*role+1: priced answers.
    public static final String ARM_COST = "cost.arm";
    /// Bucket 4*role: tokens in; +1: tokens out; +2: answers that stated them; +3: their latency, microseconds.
    public static final String TOKENS = "tokens";

    /// Bucket 0 agree, 1 disagree, 2 challenger missing, 3 champion missing (both missing counts here).
    public static final String PAIRS = "pairs";
    /// Bucket 0: sum of the agreement score of compared pairs in 1e-9; 1: pairs with one.
    public static final String AGREEMENT_SCORE = "pairs.score";
    /// Labels of compared pairs where both arms gave one: + role number. Bucket = {@code LabelHash.bucket}. With PAIRS
    /// the margins that Cohen's kappa needs.
    public static final String PAIR_LABELS = "pairs.labels.";
    /// Bucket 0 neither refused, 1 champion only, 2 challenger only, 3 both.
    public static final String PAIR_REFUSALS = "pairs.refusals";
    /// Judged disagreements. Bucket 0 challenger right, 1 champion right, 2 both wrong, 3 tie.
    public static final String WINS = "wins";
    /// Bucket 2*role: answers whose truth is known; 2*role+1: correct.
    public static final String TRUTH = "truth";
    /// Bucket 0 thumbs up, 1 thumbs down.
    public static final String THUMBS = "thumbs";
    /// Bucket 0: sum of the scores that users gave in 1e-6; 1: how many.
    public static final String SCORES = "scores";

    /// The challenger's confidence against truth, 15 bins (lo, hi]: bucket 4*bin count, +1 correct, +2 sum of the
    /// confidence in 1e-9.
    public static final String CALIBRATION = "calibration.truth";
    /// The same against the champion's label. Shown, never a gate.
    public static final String AGREEMENT_CALIBRATION = "calibration.agreement";
    /// Confidence minus correctness: bucket 2*cell+correct, cell = floor(confidence * 200), at most 199.
    public static final String CALIBRATION_GAP = "calibration.gap";

    /// Drift features of the challenger's answers. Bucket = cell of {@code statistics.grid.UnitGrid}.
    public static final String CONFIDENCE = "drift.confidence";
    /// Bucket = cell of {@code statistics.grid.LogGrid}.
    public static final String ENTROPY = "drift.entropy";
    /// Declared features: + name. Bucket = cell of {@code statistics.grid.ValueGrid}.
    public static final String FEATURE = "drift.feature.";

    /// Closed device blocks, bucket = n * 4096 + (k + 2048); k is a sum over the block's n <= 20 observations.
    /// k = disagreements; a pair whose challenger side is missing is one (test for SAFE).
    public static final String BLOCKS_DISAGREE_SAFE = "blocks.disagree.safe";
    /// k = disagreements among pairs with both sides (test for BREACH).
    public static final String BLOCKS_DISAGREE = "blocks.disagree";
    /// k = challenger refused minus champion refused.
    public static final String BLOCKS_REFUSAL = "blocks.refusal";
    /// k = failed attempts of the challenger beside the champion or in the canary.
    public static final String BLOCKS_ERROR = "blocks.error";
    /// k = sum of (confidence - correct) * 100, each rounded towards zero.
    public static final String BLOCKS_CALIBRATION = "blocks.calibration";
    /// k = 2 per disagreement the challenger won, 1 per tie or both wrong.
    public static final String BLOCKS_WINS = "blocks.wins";
    /// Device blocks that began, closed or not; bucket = the guardrail's place: 0 disagree.safe, 1 disagree,
    /// 2 refusal, 3 error, 4 calibration, 5 wins. What closes first are busy devices: a mean of closed blocks is
    /// the fleet's only where nearly all that began have closed.
    public static final String BLOCKS_OPENED = "blocks.opened";
    /// CALIBRATION of the first label of each device and rollout only: labels of one device are not independent.
    public static final String CALIBRATION_FIRST = "calibration.first";
    /// Bucket 0: devices seen in the stratum.
    public static final String DEVICES = "devices";

    public static final int BLOCK_STRIDE = 4096;
    public static final int BLOCK_OFFSET = 2048;

    /// Observations in a device block.
    public static final int BLOCK_SIZE = 20;

    private static final List<String> BLOCKS = List.of(
            BLOCKS_DISAGREE_SAFE, BLOCKS_DISAGREE, BLOCKS_REFUSAL, BLOCKS_ERROR, BLOCKS_CALIBRATION, BLOCKS_WINS);

    private Measures() {}

    /// The bucket in BLOCKS_OPENED of a measure of closed blocks.
    public static int blockPlace(String measure) {
        int place = BLOCKS.indexOf(measure);
        if (place < 0) {
            throw new IllegalArgumentException(measure + " counts no device blocks");
        }
        return place;
    }

    public static int block(int n, int k) {
        return n * BLOCK_STRIDE + k + BLOCK_OFFSET;
    }

    public static int blockSize(int bucket) {
        return bucket / BLOCK_STRIDE;
    }

    public static int blockSum(int bucket) {
        return bucket % BLOCK_STRIDE - BLOCK_OFFSET;
    }
}
