// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller.shell;

import com.google.protobuf.InvalidProtocolBufferException;
import io.edgewise.contracts.Fault;
import io.edgewise.contracts.ReferenceFaults;
import io.edgewise.contracts.Signing;
import io.edgewise.contracts.Workload;
import io.edgewise.contracts.v1.ReferenceSet;
import io.edgewise.contracts.v1.Signed;
import io.edgewise.controller.CanonicalHash;
import io.edgewise.controller.KeyCabinet;
import io.edgewise.controller.SigningKeys;
import io.edgewise.runtime.access.Caller;
import io.edgewise.runtime.jdbc.Database;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Signs reference sets: devices answer only what the key of their orders vouches for. The examples are not
/// kept here, only that somebody had them signed.
@ApplicationScoped
public class ReferenceDesk {
    private static final int MOST_TOLD = 20;

    private final Database database;
    private final Signer signer;
    private final InstantSource clock;
    private final String tenant;
    private final Catalog catalog = new Catalog();

    @Inject
    public ReferenceDesk(Database database, KeyCabinet keys, InstantSource clock, ControllerConfig config) {
        this.database = database;
        this.signer = new Signer(keys);
        this.clock = clock;
        this.tenant = config.tenant();
    }

    /// `item` names an example for good; without it, its place in the list does.
    public record ExampleBody(
            @Nullable String item,
            @Nullable String text,
            @Nullable String truth) {}

    public record ReferenceBody(
            @Nullable String workload,
            @Nullable String name,
            @Nullable Long version,
            @Nullable List<@Nullable ExampleBody> examples) {}

    /// `reference` is the set as figures name it; `signed` is what a device is given, in Base64.
    public record ReferenceView(
            String reference, String workload, long version, int examples, String sha256, String signed) {}

    ReferenceView sign(String body, Caller caller) {
        ReferenceBody asked = Json.read("the reference set", body, ReferenceBody.class);
        byte[] payload = set(asked).toByteArray();
        ReferenceSet set = read(payload);
        List<Fault> faults = ReferenceFaults.of(set);
        if (!faults.isEmpty()) {
            throw Problem.invalid(
                    "the reference set",
                    faults.stream()
                            .map(fault -> fault.field().replace("truth_label", "truth") + ": " + fault.message())
                            .collect(Collectors.joining("; ")));
        }
        String sha256 = CanonicalHash.of(payload);
        return Transactions.run(database, sql -> {
            requireLabels(catalog.workload(sql, tenant, set.getWorkload()), set);
            SigningKeys key = signer.key(sql, tenant);
            Signed signed = key.sign(Signing.REFERENCE, payload);
            ActBook.append(
                    sql,
                    tenant,
                    new ActBook.Act(
                            "reference-signed",
                            caller.name(),
                            caller.name() + " had reference set " + set.getName() + ", version " + set.getVersion()
                                    + ", of workload " + set.getWorkload() + " signed: " + set.getExamplesCount()
                                    + " examples.",
                            Map.of(
                                    "key", key.keyId(),
                                    "reference", set.getName(),
                                    "sha256", sha256,
                                    "workload", set.getWorkload())),
                    clock.instant().truncatedTo(ChronoUnit.MILLIS));
            return new ReferenceView(
                    set.getName() + "@" + sha256.substring(0, 12),
                    set.getWorkload(),
                    set.getVersion(),
                    set.getExamplesCount(),
                    sha256,
                    Base64.getEncoder().encodeToString(signed.toByteArray()));
        });
    }

    private ReferenceSet set(ReferenceBody asked) {
        ReferenceSet.Builder set = ReferenceSet.newBuilder()
                .setTenant(tenant)
                .setWorkload(text(asked.workload()))
                .setName(text(asked.name()))
                .setVersion(asked.version() == null ? 1 : asked.version());
        List<@Nullable ExampleBody> examples = asked.examples() == null ? List.of() : asked.examples();
        for (@Nullable ExampleBody example : examples) {
            if (example == null) {
                throw Problem.invalid("the reference set", "examples[" + set.getExamplesCount() + "] is null");
            }
            set.addExamples(ReferenceSet.Example.newBuilder()
                    .setItem(example.item() == null ? Integer.toString(set.getExamplesCount() + 1) : example.item())
                    .setText(text(example.text()))
                    .setTruthLabel(text(example.truth())));
        }
        return set.build();
    }

    /// As devices will read it: half a character is lost in writing, and may make two items one.
    private static ReferenceSet read(byte[] payload) {
        try {
            return ReferenceSet.parseFrom(payload);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a reference set that was just written cannot be read", e);
        }
    }

    private static String text(@Nullable String given) {
        return given == null ? "" : given;
    }

    /// Answers are right when they are the truth to the letter: that is so of labels alone. A truth that the workload
    /// cannot answer would count against every build.
    private static void requireLabels(Workload workload, ReferenceSet set) {
        if (workload.kind() != Workload.Kind.CLASSIFICATION) {
            throw Problem.invalid(
                    "the reference set",
                    "workload " + workload.name() + " is of kind " + workload.kind()
                            + "; devices can say of labels alone whether they are right");
        }
        List<String> faults = new ArrayList<>();
        for (int i = 0; i < set.getExamplesCount() && faults.size() < MOST_TOLD; i++) {
            String truth = set.getExamples(i).getTruthLabel();
            if (!workload.labels().isEmpty() && !workload.labels().contains(truth)) {
                faults.add("examples[" + i + "].truth: \"" + truth + "\"");
            }
        }
        if (!faults.isEmpty()) {
            throw Problem.invalid(
                    "the reference set",
                    String.join("; ", faults) + (faults.size() == MOST_TOLD ? " and perhaps more: " : ": ")
                            + "no label of workload " + workload.name()
                            + "; correct it, or define the workload with that label");
        }
    }
}
