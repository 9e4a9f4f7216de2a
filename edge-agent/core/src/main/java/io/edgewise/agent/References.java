// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import com.google.protobuf.InvalidProtocolBufferException;
import io.edgewise.agent.orders.Keyring;
import io.edgewise.contracts.Fault;
import io.edgewise.contracts.ReferenceFaults;
import io.edgewise.contracts.Signing;
import io.edgewise.contracts.v1.ReferenceSet;
import io.edgewise.contracts.v1.Signed;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/// A signed reference set: examples with their truth, and the SHA-256 of what was signed.
public record References(ReferenceSet set, String sha256) {
    /// Throws for a set that may not be believed, or is of another tenant or workload.
    public static References read(Signed signed, Keyring keys, String tenant, String workload) {
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
        List<Fault> faults = ReferenceFaults.of(set);
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException("reference set \"" + set.getName() + "\" cannot be used: "
                    + faults.stream()
                            .map(fault -> fault.field() + ": " + fault.message())
                            .collect(Collectors.joining("; ")));
        }
        if (!set.getTenant().equals(tenant) || !set.getWorkload().equals(workload)) {
            throw new IllegalArgumentException("reference set " + set.getName() + " is of " + set.getTenant() + "/"
                    + set.getWorkload() + ", not of " + tenant + "/" + workload);
        }
        return new References(set, digest(signed.getPayload().toByteArray()));
    }

    /// For people.
    public String words() {
        return set.getName() + ", version " + set.getVersion() + ": " + set.getExamplesCount() + " examples of "
                + set.getWorkload();
    }

    private static String digest(byte[] payload) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(payload));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java runtime has no SHA-256", e);
        }
    }
}
