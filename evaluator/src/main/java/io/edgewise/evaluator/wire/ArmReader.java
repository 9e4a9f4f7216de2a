// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.wire;

/// Reads one arm of an observation. See [WireReader] for the law.
final class ArmReader {
    static final long MAX_SEQ = 1L << 53;
    static final long MAX_LATENCY_US = 3_600_000_000L;
    private static final long MAX_TOKENS = 1L << 32;
    private static final long MAX_ENERGY_UJ = 100_000_000_000L;
    private static final int LABEL = 256;
    private static final int MAX_TOP = 64;
    private static final int PRICE_CARD = 128;

    private final WireInput in;
    private final Words words;
    private boolean sound;

    ArmReader(WireInput in, Words words) {
        this.in = in;
        this.words = words;
    }

    /// Whether the arm is certainly sound.
    boolean read(Answer into) {
        into.clear();
        sound = true;
        int outer = in.enter();
        while (in.hasMore()) {
            field(in.tag(), into);
        }
        in.leave(outer);
        if (into.refusal < 0 || into.refusal > 3) {
            into.refusal = 0;
        }
        return sound && isSound(into);
    }

    private void field(int tag, Answer into) {
        switch (tag) {
            case 1 << 3 -> into.role = (int) in.varint();
            case 2 << 3 | 2, 3 << 3 | 2 -> {
                sound &= into.ran == 0;
                into.ran = tag;
                texts();
            }
            case 4 << 3 | 2 -> into.label = word();
            case 5 << 3 | 2 -> {
                int length = in.length();
                into.hasDigest = length > 0;
                in.skip(length);
            }
            // Limits do not apply to these, but they must be text.
            case 6 << 3 | 2, 8 << 3 | 2, 18 << 3 | 2 -> printable(Integer.MAX_VALUE);
            case 7 << 3 | 1 -> {
                into.hasConfidence = true;
                into.confidence = Double.longBitsToDouble(in.fixed64());
                sound &= WireReader.isUnit(into.confidence);
            }
            case 9 << 3 | 2 -> top(into);
            case 10 << 3 | 1 -> {
                into.hasEntropy = true;
                into.entropy = Double.longBitsToDouble(in.fixed64());
                sound &= into.entropy >= 0 && into.entropy <= Double.MAX_VALUE;
            }
            case 11 << 3 -> {
                into.hasTokens = true;
                into.tokensIn = in.varint();
            }
            case 12 << 3 -> {
                into.hasTokens = true;
                into.tokensOut = in.varint();
            }
            case 13 << 3 -> {
                into.hasOutputLength = true;
                into.outputLength = in.varint();
            }
            case 14 << 3 -> {
                into.hasFirstToken = true;
                into.firstTokenUs = in.varint();
            }
            case 15 << 3 -> into.latencyUs = in.varint();
            case 16 << 3 | 2 -> {
                sound &= !into.hasCost;
                into.hasCost = true;
                into.costNanos = money();
            }
            case 17 << 3 -> into.refusal = (int) in.varint();
            case 19 << 3 -> into.schema = in.varint() != 0 ? Answer.VALID : Answer.INVALID;
            case 20 << 3 | 2 -> into.errorCode = word();
            case 21 << 3 -> {
                into.hasEnergy = true;
                into.energyUj = in.varint();
            }
            default -> {
                sound = false;
                in.skipField(tag);
            }
        }
    }

    private boolean isSound(Answer arm) {
        return arm.role >= 1
                && arm.role <= 3
                && (!arm.errorCode.isEmpty()
                        || arm.hasDigest
                        || !arm.label.text().isBlank())
                && WireReader.isBetween(arm.latencyUs, 0, MAX_LATENCY_US)
                && (!arm.hasFirstToken || WireReader.isBetween(arm.firstTokenUs, 0, MAX_LATENCY_US))
                && WireReader.isBetween(arm.tokensIn, 0, MAX_TOKENS)
                && WireReader.isBetween(arm.tokensOut, 0, MAX_TOKENS)
                && WireReader.isBetween(arm.outputLength, 0, MAX_TOKENS)
                && WireReader.isBetween(arm.energyUj, 0, MAX_ENERGY_UJ);
    }

    /// A message of nothing but short texts: what ran.
    private void texts() {
        int outer = in.enter();
        while (in.hasMore()) {
            int tag = in.tag();
            switch (tag) {
                case 1 << 3 | 2, 2 << 3 | 2, 3 << 3 | 2 -> printable(LABEL);
                default -> {
                    sound = false;
                    in.skipField(tag);
                }
            }
        }
        in.leave(outer);
    }

    private void top(Answer into) {
        sound &= ++into.top <= MAX_TOP;
        double probability = 0;
        int outer = in.enter();
        while (in.hasMore()) {
            int tag = in.tag();
            switch (tag) {
                case 1 << 3 | 2 -> printable(LABEL);
                case 2 << 3 | 1 -> {
                    probability = Double.longBitsToDouble(in.fixed64());
                    sound &= WireReader.isUnit(probability);
                }
                default -> {
                    sound = false;
                    in.skipField(tag);
                }
            }
        }
        in.leave(outer);
        into.topSum += probability;
    }

    /// Reads what the request cost; whether it is certainly sound.
    boolean servedCost(Request into) {
        sound = true;
        into.costNanos = money();
        return sound;
    }

    private long money() {
        long nanos = 0;
        boolean currency = false;
        int outer = in.enter();
        while (in.hasMore()) {
            int tag = in.tag();
            switch (tag) {
                case 1 << 3 -> nanos = in.varint();
                case 2 << 3 | 2 -> currency = currency();
                case 3 << 3 | 2 -> printable(PRICE_CARD);
                default -> {
                    sound = false;
                    in.skipField(tag);
                }
            }
        }
        in.leave(outer);
        sound &= currency && nanos >= 0;
        return nanos;
    }

    private boolean currency() {
        int length = in.length();
        boolean letters = length == 3;
        for (int i = in.position(); letters && i < in.position() + length; i++) {
            letters = in.bytes()[i] >= 'A' && in.bytes()[i] <= 'Z';
        }
        in.skip(length);
        return letters;
    }

    private void printable(int longest) {
        int length = in.length();
        sound &= length <= longest && Word.isPrintable(in.bytes(), in.position(), length);
        in.skip(length);
    }

    private Word word() {
        int length = in.length();
        Word word = words.of(in.bytes(), in.position(), length);
        in.skip(length);
        sound &= word.isPlain(LABEL);
        return word;
    }
}
