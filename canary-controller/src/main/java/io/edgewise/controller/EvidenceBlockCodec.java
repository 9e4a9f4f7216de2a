// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import io.edgewise.contracts.Stratum;
import io.edgewise.contracts.tally.Tally;
import io.edgewise.contracts.v1.Cohort;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// The canonical bytes of an evidence block: version 1, number, time, then strata in their order with their tallies.
final class EvidenceBlockCodec {
    private static final int VERSION = 1;

    private EvidenceBlockCodec() {}

    static byte[] encode(EvidenceBlock block) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            out.writeLong(block.number());
            out.writeLong(block.cutAtMs());
            out.writeInt(block.increments().size());
            for (Map.Entry<Stratum, Tally> entry : block.increments().entrySet()) {
                Stratum stratum = entry.getKey();
                out.writeInt(stratum.stage());
                out.writeByte(stratum.cohort().getNumber());
                out.writeInt(stratum.pairingRateBp());
                out.writeBoolean(stratum.escalated());
                out.writeUTF(stratum.slice());
                byte[] tally = entry.getValue().encode();
                out.writeInt(tally.length);
                out.write(tally);
            }
        } catch (IOException e) {
            throw new IllegalStateException("cannot encode evidence block " + block.number(), e);
        }
        return bytes.toByteArray();
    }

    static EvidenceBlock decode(byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            int version = in.readUnsignedByte();
            if (version != VERSION) {
                throw new IllegalArgumentException(
                        "evidence block of version " + version + "; this program reads " + VERSION);
            }
            long number = in.readLong();
            long cutAtMs = in.readLong();
            int strata = in.readInt();
            SortedMap<Stratum, Tally> increments = new TreeMap<>();
            for (int i = 0; i < strata; i++) {
                int stage = in.readInt();
                Cohort cohort = cohort(in.readUnsignedByte());
                Stratum stratum = new Stratum(stage, cohort, in.readInt(), in.readBoolean(), in.readUTF());
                int length = in.readInt();
                if (length < 0 || length > in.available()) {
                    throw new IllegalArgumentException("evidence block " + number + " is damaged: a tally of " + length
                            + " bytes where " + in.available() + " are left");
                }
                increments.put(stratum, Tally.decode(in.readNBytes(length)));
            }
            if (in.available() > 0) {
                throw new IllegalArgumentException(
                        "evidence block " + number + " is damaged: " + in.available() + " bytes too many");
            }
            return new EvidenceBlock(number, cutAtMs, increments);
        } catch (IOException e) {
            throw new IllegalArgumentException("an evidence block of " + bytes.length + " bytes is cut short", e);
        }
    }

    private static Cohort cohort(int number) {
        Cohort cohort = Cohort.forNumber(number);
        if (cohort == null) {
            throw new IllegalArgumentException("an evidence block names cohort " + number + ", which does not exist");
        }
        return cohort;
    }
}
