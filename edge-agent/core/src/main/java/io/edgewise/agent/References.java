// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import com.google.protobuf.InvalidProtocolBufferException;
import io.edgewise.agent.orders.Keyring;
import io.edgewise.contracts.Names;
import io.edgewise.contracts.Signing;
import io.edgewise.contracts.v1.ReferenceSet;
import io.edgewise.contracts.v1.Signed;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;

/// A signed reference set: examples with their truth, and the SHA-256 of what was signed.
record References(ReferenceSet set, String sha256) {
    private static final int MOST = 100_000;

    /// Throws for a set that may not be believed, or is of another tenant or workload.
    static References read(Signed signed, Keyring keys, String tenant, String workload) {
        if (!signed.getDomain().equals(Signing.REFERENCE) || !keys.verifies(signed)) {
            throw new IllegalArgumentException("the reference set is not signed for \"" + Signing.REFERENCE
                    + "\" by a key that counts; sign it with the key of the orders");
        }
        ReferenceSet set;
        try {
            set = ReferenceSet.parseFrom(signed.getPayload());
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException("the signed payload is no ReferenceSet", e);
        }
        Names.require("reference set", set.getName());
        if (!set.getTenant().equals(tenant) || !set.getWorkload().equals(workload)) {
            throw new IllegalArgumentException("reference set " + set.getName() + " is of " + set.getTenant() + "/"
                    + set.getWorkload() + ", not of " + tenant + "/" + workload);
        }
        if (set.getExamplesCount() == 0 || set.getExamplesCount() > MOST) {
            throw new IllegalArgumentException("reference set " + set.getName() + " has " + set.getExamplesCount()
                    + " examples; 1 to " + MOST + " can be");
        }
        Set<String> items = new HashSet<>();
        for (ReferenceSet.Example example : set.getExamplesList()) {
            if (!items.add(example.getItem()) || !Arms.isLabel(example.getTruthLabel())) {
                throw new IllegalArgumentException("reference set " + set.getName() + ": example \"" + example.getItem()
                        + "\" is there twice, or its truth is no label");
            }
        }
        return new References(set, digest(signed.getPayload().toByteArray()));
    }

    private static String digest(byte[] payload) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(payload));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java runtime has no SHA-256", e);
        }
    }
}
