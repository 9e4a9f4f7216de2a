// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.wire;

import io.edgewise.contracts.ObservationFaults;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Reads observations that are certainly sound, straight from their bytes.
///
/// Law: where [#read] says true, [ObservationFaults] finds no fault in the message, and the request says what the
/// message says. Where it says false, nothing is known: decode the message, have it judged, and if it is sound read
/// its canonical bytes by [#readSound]. Rare shapes (declared drops, reference sets, text that is not ASCII, repeated
/// fields that should stand once) take that way too, so this class only has to know the common one.
public final class WireReader {
    private static final int REQUEST = 1;
    private static final int ID = 16;
    private static final int LABEL = 256;
    private static final byte[] LEASE_EXPIRED = "lease-expired".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] EXPIRED_OFFLINE = "expired-offline".getBytes(StandardCharsets.US_ASCII);
    private static final int ATTRIBUTE = 1024;
    private static final long FUTURE_MS = 5 * 60_000L;
    private static final long AGE_MS = 400L * 24 * 3_600_000L;

    private final WireInput in = new WireInput();
    private final ArmReader armReader;
    private final Words words;
    private boolean sound;

    public WireReader(Words words) {
        this.words = words;
        this.armReader = new ArmReader(in, words);
    }

    /// Whether the record is certainly sound, and `into` says what it says.
    public boolean read(byte[] value, long appendTimeMs, Request into) {
        if (value.length > ObservationFaults.MAX_RECORD_BYTES) {
            return false;
        }
        message(value, into);
        return !in.isDamaged() && sound && isSound(into, appendTimeMs);
    }

    /// Reads the canonical bytes of a message that was judged to be sound.
    public void readSound(byte[] canonical, Request into) {
        message(canonical, into);
        if (in.isDamaged()) {
            throw new IllegalArgumentException("the canonical bytes of a sound observation cannot be read at byte "
                    + in.position() + " of " + canonical.length);
        }
    }

    private void message(byte[] value, Request into) {
        into.clear();
        in.over(value);
        sound = true;
        while (in.hasMore()) {
            field(in.tag(), into);
        }
        if (into.cohort < 0 || into.cohort > 2) {
            sound = false;
            into.cohort = 0;
        }
    }

    private void field(int tag, Request into) {
        switch (tag) {
            case 1 << 3 | 2 -> into.tenant = word();
            case 2 << 3 | 2 -> into.device = word();
            case 3 << 3 | 1 -> into.epoch = in.fixed64();
            case 4 << 3 -> into.seq = in.varint();
            case 5 << 3 -> into.kind = (int) in.varint();
            case 6 << 3 | 2 -> {
                into.idBytes = in.length();
                if (into.idBytes == ID) {
                    into.idHead = in.fixed64();
                    into.idTail = in.fixed64();
                } else {
                    in.skip(into.idBytes);
                }
            }
            case 7 << 3 -> into.eventTimeMs = in.varint();
            case 9 << 3 | 2 -> into.workload = word();
            case 11 << 3 | 2 -> into.rollout = word();
            case 12 << 3 -> into.revision = in.varint();
            case 13 << 3 -> into.stage = (int) in.varint();
            case 14 << 3 -> into.cohort = (int) in.varint();
            case 16 << 3 -> into.served = (int) in.varint();
            case 17 << 3 | 2 -> fallback(into);
            case 18 << 3 -> into.offline = in.varint() != 0;
            case 19 << 3 -> into.escalated = in.varint() != 0;
            case 20 << 3 -> into.pairingSelected = in.varint() != 0;
            case 21 << 3 -> into.pairingRateBp = (int) in.varint();
            case 22 << 3 -> into.latencyUs = in.varint();
            case 24 << 3 -> {
                into.hasFirstToken = true;
                into.firstTokenUs = in.varint();
            }
            default -> nested(tag, into);
        }
    }

    private void nested(int tag, Request into) {
        switch (tag) {
            case 8 << 3, 10 << 3, 15 << 3 | 1 -> in.skipField(tag);
            case 23 << 3 | 2 -> {
                once(into, 1);
                into.hasCost = true;
                sound &= armReader.servedCost(into);
            }
            case 25 << 3 | 2 -> {
                once(into, 2);
                context(into);
            }
            case 26 << 3 | 2 -> arm(into);
            case 27 << 3 | 2 -> {
                once(into, 4);
                comparison(into);
            }
            case 28 << 3 | 2 -> feature(into);
            case 29 << 3 | 2 -> slice(into);
            case 30 << 3 | 2 -> {
                once(into, 8);
                totals(into);
            }
            default -> {
                // Drops, unknown fields, and known ones of a wrong type.
                sound = false;
                in.skipField(tag);
            }
        }
    }

    private void fallback(Request into) {
        int length = in.length();
        sound &= length <= LABEL && Word.isPrintable(in.bytes(), in.position(), length);
        into.hasFallbackReason = length > 0;
        into.afterLease = is(LEASE_EXPIRED, length) || is(EXPIRED_OFFLINE, length);
        in.skip(length);
    }

    private boolean is(byte[] word, int length) {
        int from = in.position();
        return length == word.length && Arrays.equals(in.bytes(), from, from + length, word, 0, length);
    }

    /// A message that stands twice would have to be merged.
    private void once(Request into, int bit) {
        sound &= (into.messages & bit) == 0;
        into.messages |= bit;
    }

    private void totals(Request into) {
        int outer = in.enter();
        while (in.hasMore()) {
            int tag = in.tag();
            if (tag == 1 << 3) {
                into.lastSeq = in.varint();
            } else {
                sound &= tag == 2 << 3 || tag == 3 << 3;
                in.skipField(tag);
            }
        }
        in.leave(outer);
    }

    private void context(Request into) {
        int outer = in.enter();
        while (in.hasMore()) {
            int tag = in.tag();
            switch (tag) {
                case 1 << 3 | 2 -> {
                    into.deviceClass = word();
                    sound &= into.deviceClass.isPlain(LABEL);
                }
                case 2 << 3 | 2, 3 << 3 | 2, 4 << 3 | 2, 5 << 3 | 2, 6 << 3 | 2, 7 << 3 | 2, 10 << 3 | 2 -> text(LABEL);
                case 8 << 3 -> into.emulated = in.varint() != 0;
                case 9 << 3 | 1 -> sound &= isUnit(Double.longBitsToDouble(in.fixed64()));
                default -> {
                    sound = false;
                    in.skipField(tag);
                }
            }
        }
        in.leave(outer);
    }

    private void arm(Request into) {
        if (into.arms == Request.MOST_ARMS) {
            sound = false;
            in.skip(in.length());
            return;
        }
        sound &= armReader.read(into.answers[into.arms++]);
    }

    private void comparison(Request into) {
        into.hasComparison = true;
        boolean defined = false;
        int outer = in.enter();
        while (in.hasMore()) {
            int tag = in.tag();
            switch (tag) {
                case 1 << 3 | 2 -> defined = text(LABEL) > 0;
                case 2 << 3 | 1 -> into.agreement = Double.longBitsToDouble(in.fixed64());
                case 3 << 3 -> into.agrees = in.varint() != 0;
                default -> {
                    sound = false;
                    in.skipField(tag);
                }
            }
        }
        in.leave(outer);
        sound &= defined && isUnit(into.agreement);
    }

    private void feature(Request into) {
        Word name = Word.EMPTY;
        double value = 0;
        int outer = in.enter();
        while (in.hasMore()) {
            int tag = in.tag();
            switch (tag) {
                case 1 << 3 | 2 -> name = word();
                case 2 << 3 | 1 -> value = Double.longBitsToDouble(in.fixed64());
                default -> {
                    sound = false;
                    in.skipField(tag);
                }
            }
        }
        in.leave(outer);
        if (into.features == Request.MOST_ATTRIBUTES) {
            sound = false;
            return;
        }
        sound &= name.isName() && Double.isFinite(value) && isNew(name, into.featureNames, into.features);
        into.featureNames[into.features] = name;
        into.featureValues[into.features++] = value;
    }

    private void slice(Request into) {
        Word name = Word.EMPTY;
        Word value = Word.EMPTY;
        int outer = in.enter();
        while (in.hasMore()) {
            int tag = in.tag();
            switch (tag) {
                case 1 << 3 | 2 -> name = word();
                case 2 << 3 | 2 -> value = word();
                default -> {
                    sound = false;
                    in.skipField(tag);
                }
            }
        }
        in.leave(outer);
        if (into.slices == Request.MOST_ATTRIBUTES) {
            sound = false;
            return;
        }
        sound &= name.isName() && value.isPlain(ATTRIBUTE) && isNew(name, into.sliceNames, into.slices);
        into.sliceNames[into.slices] = name;
        into.sliceValues[into.slices++] = value;
    }

    private static boolean isNew(Word name, Word[] among, int held) {
        for (int i = 0; i < held; i++) {
            if (among[i].equals(name)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isSound(Request request, long appendTimeMs) {
        return request.tenant.isName()
                && request.device.isName()
                && request.workload.isName()
                && request.epoch != 0
                && request.seq > 0
                && request.seq <= ArmReader.MAX_SEQ
                && isBetween(request.lastSeq, 0, ArmReader.MAX_SEQ)
                && request.eventTimeMs <= appendTimeMs + FUTURE_MS
                && request.eventTimeMs >= appendTimeMs - AGE_MS
                && request.kind == REQUEST
                && request.idBytes == ID
                && isBetween(request.pairingRateBp, 0, 10_000)
                && isBetween(request.latencyUs, 0, ArmReader.MAX_LATENCY_US)
                && (!request.hasFirstToken || isBetween(request.firstTokenUs, 0, ArmReader.MAX_LATENCY_US))
                && isRolloutSound(request)
                && areArmsSound(request);
    }

    private static boolean isRolloutSound(Request request) {
        return request.rollout.isEmpty()
                || request.rollout.isUlid()
                        && request.revision > 0
                        && isBetween(request.stage, 0, 99)
                        && request.cohort != 0;
    }

    private static boolean areArmsSound(Request request) {
        int roles = 0;
        int answered = 0;
        for (int i = 0; i < request.arms; i++) {
            int role = 1 << request.answers[i].role;
            if ((roles & role) != 0) {
                return false;
            }
            roles |= role;
            answered |= request.answers[i].errorCode.isEmpty() ? role : 0;
        }
        return roles != 0
                && (request.served == 0 || isBetween(request.served, 1, 3) && (answered & 1 << request.served) != 0)
                && (!request.hasComparison || (answered & 0b110) == 0b110);
    }

    static boolean isBetween(long value, long low, long high) {
        return value >= low && value <= high;
    }

    static boolean isUnit(double value) {
        return value >= 0 && value <= 1;
    }

    private Word word() {
        int length = in.length();
        Word word = words.of(in.bytes(), in.position(), length);
        in.skip(length);
        sound &= word.isPlain(Words.LONGEST_KEPT);
        return word;
    }

    private int text(int longest) {
        int length = in.length();
        sound &= length <= longest && Word.isPrintable(in.bytes(), in.position(), length);
        in.skip(length);
        return length;
    }
}
