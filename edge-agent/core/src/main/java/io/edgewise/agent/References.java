// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import com.google.protobuf.InvalidProtocolBufferException;
import io.edgewise.agent.orders.Keyring;
import io.edgewise.contracts.Fault;
import io.edgewise.contracts.ReferenceFaults;
import io.edgewise.contracts.Signing;
import io.edgewise.contracts.Workload;
import io.edgewise.contracts.v1.ReferenceSet;
import io.edgewise.contracts.v1.Signed;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// A signed reference set: examples with their truth, and the SHA-256 of what was signed.
///
/// The examples stand in an order of chance that is the same on every device: what is answered in a day that ends early
/// is then a sample of the set, and not its beginning.
public record References(ReferenceSet set, String sha256) {
    /// Throws for a set that may not be believed, or is of another tenant or workload.
    public static References read(Signed signed, Keyring keys, String tenant, Workload workload) {
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
        if (!set.getTenant().equals(tenant) || !set.getWorkload().equals(workload.name())) {
            throw new IllegalArgumentException("reference set " + set.getName() + " is of " + set.getTenant() + "/"
                    + set.getWorkload() + ", not of " + tenant + "/" + workload.name());
        }
        for (ReferenceSet.Example example : set.getExamplesList()) {
            if (!workload.labels().isEmpty() && !workload.labels().contains(example.getTruthLabel())) {
                throw new IllegalArgumentException("reference set " + set.getName() + ": the truth of example \""
                        + example.getItem() + "\" is \"" + example.getTruthLabel()
                        + "\", which is no label of the workload as this device knows it");
            }
        }
        String sha256 = digest(signed.getPayload().toByteArray());
        List<ReferenceSet.Example> shuffled = new ArrayList<>(set.getExamplesList());
        Map<String, String> places = new HashMap<>();
        shuffled.forEach(example ->
                places.put(example.getItem(), digest((sha256 + example.getItem()).getBytes(StandardCharsets.UTF_8))));
        shuffled.sort(Comparator.comparing(example -> places.getOrDefault(example.getItem(), "")));
        return new References(
                set.toBuilder().clearExamples().addAllExamples(shuffled).build(), sha256);
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
