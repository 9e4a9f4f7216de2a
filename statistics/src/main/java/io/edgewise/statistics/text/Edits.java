// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.text;

/// How a reference becomes a transcript: the alignment with the fewest errors (Levenshtein 1966) and,
/// among those, with the most hits. This makes the counts unique: they depend on no direction and no
/// order of preference. Other tools may split the same number of errors otherwise.
///
/// @param exact false where the texts were too long to align in full; the errors are then at least the
/// true ones
public record Edits(long hits, long substitutions, long deletions, long insertions, boolean exact) {
    /// Above any number of substitutions: an error outweighs all of them.
    private static final long ERROR = 1L << 25;

    public Edits {
        if (hits < 0 || substitutions < 0 || deletions < 0 || insertions < 0) {
            throw new IllegalArgumentException("Edits: " + hits + " hits, " + substitutions + " substitutions, "
                    + deletions + " deletions, " + insertions + " insertions; counts cannot be negative.");
        }
    }

    /// Units of the reference: N.
    public long reference() {
        return hits + substitutions + deletions;
    }

    /// substitutions + deletions + insertions.
    public long errors() {
        return substitutions + deletions + insertions;
    }

    /// (S + D + I) / N; may exceed 1. An empty reference counts as one unit, as in jiwer 4: the rate is 0
    /// where the transcript is empty too, else the number of insertions.
    public double rate() {
        return (double) errors() / Math.max(1, reference());
    }

    /// 1 - min(1, rate).
    public double agreement() {
        return Math.max(0, (double) (Math.max(1, reference()) - errors()) / Math.max(1, reference()));
    }

    /// The counts of two texts together: the rate of a corpus is that of the sums.
    public Edits plus(Edits other) {
        return new Edits(
                Math.addExact(hits, other.hits),
                Math.addExact(substitutions, other.substitutions),
                Math.addExact(deletions, other.deletions),
                Math.addExact(insertions, other.insertions),
                exact && other.exact);
    }

    static Edits between(int[] reference, int[] answer) {
        Middle middle = Middle.of(reference, answer);
        long least = cheapest(middle.longer(), middle.shorter());
        int beyond = Math.max(reference.length, answer.length) - middle.shared() - middle.longer().length;
        int replaced = middle.restPairs() - middle.restHits();
        long errors = least / ERROR + beyond - middle.restHits();
        long substitutions = least % ERROR + replaced;
        long oneSided = errors - substitutions;
        long surplus = (long) reference.length - answer.length;
        long deletions = (oneSided + surplus) / 2;
        return new Edits(
                reference.length - substitutions - deletions,
                substitutions,
                deletions,
                oneSided - deletions,
                middle.exact());
    }

    /// Errors · 2^25 + substitutions of the best alignment.
    private static long cheapest(int[] rows, int[] columns) {
        long[] cost = new long[columns.length + 1];
        for (int j = 1; j <= columns.length; j++) {
            cost[j] = j * ERROR;
        }
        for (int row : rows) {
            long diagonal = cost[0];
            cost[0] += ERROR;
            for (int j = 1; j <= columns.length; j++) {
                long above = cost[j];
                long aligned = diagonal + (row == columns[j - 1] ? 0 : ERROR + 1);
                cost[j] = Math.min(aligned, Math.min(above, cost[j - 1]) + ERROR);
                diagonal = above;
            }
        }
        return cost[columns.length];
    }
}
