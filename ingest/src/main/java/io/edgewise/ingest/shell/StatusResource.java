// SPDX-License-Identifier: Apache-2.0
package io.edgewise.ingest.shell;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import io.edgewise.contracts.DeviceSecrets;
import io.edgewise.contracts.DeviceSecrets.Principal;
import io.edgewise.contracts.v1.AgentStatus;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.Path;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/// How a device stands, told by itself.
@Singleton
@Path("/ingest/v1/status")
public class StatusResource extends RecordsResource {
    static final int MOST_RECORDS = 100;
    static final int LONGEST_RECORD = 64 * 1024;

    @Inject
    public StatusResource(IngestRole role, DeviceSecrets secrets, IngestConfig config, InstantSource clock) {
        super(new Intake(new DeviceLogin(secrets, role::isRevoked), config, clock), new Statuses(role));
    }

    private record Statuses(IngestRole role) implements Formats {
        @Override
        public Intake.Taken protobuf(Principal principal, byte[] body) throws Problem, InterruptedException {
            return take(principal, ofProtobuf(body));
        }

        @Override
        public Intake.Taken json(Principal principal, byte[] body) throws Problem, InterruptedException {
            return take(principal, ofJson(body));
        }

        private Intake.Taken take(Principal principal, List<AgentStatus> statuses)
                throws Problem, InterruptedException {
            List<AgentStatus> named = new ArrayList<>();
            for (AgentStatus status : statuses) {
                named.add(named(principal, status, named.size() + 1));
            }
            role.tell(principal, named);
            return new Intake.Taken(named.size(), "{\"accepted\":" + named.size() + "}");
        }
    }

    /// The token says who it is.
    static AgentStatus named(Principal principal, AgentStatus status, int number) throws Problem {
        if (!status.getTenant().isEmpty() && !status.getTenant().equals(principal.tenant())
                || !status.getDevice().isEmpty() && !status.getDevice().equals(principal.device())) {
            throw Problem.malformed(
                    "status " + number + " is of another device than its token; a device tells of itself");
        }
        if (status.getSerializedSize() > LONGEST_RECORD) {
            throw Problem.tooLarge("status " + number + " has " + status.getSerializedSize() + " bytes and may have "
                    + LONGEST_RECORD);
        }
        return status.toBuilder()
                .setTenant(principal.tenant())
                .setDevice(principal.device())
                .build();
    }

    /// A length-delimited sequence.
    static List<AgentStatus> ofProtobuf(byte[] body) throws Problem {
        List<AgentStatus> statuses = new ArrayList<>();
        CodedInputStream in = CodedInputStream.newInstance(body);
        try {
            while (!in.isAtEnd()) {
                if (statuses.size() == MOST_RECORDS) {
                    throw Problem.tooLarge("at most " + MOST_RECORDS + " statuses at once; send them in parts");
                }
                statuses.add(AgentStatus.parseFrom(in.readByteArray()));
            }
            return statuses;
        } catch (IOException e) {
            throw Problem.malformed("status " + (statuses.size() + 1) + " cannot be read before byte "
                    + in.getTotalBytesRead() + "; the body must be AgentStatus, each preceded by its length");
        }
    }

    /// One status.
    static List<AgentStatus> ofJson(byte[] body) throws Problem {
        AgentStatus.Builder status = AgentStatus.newBuilder();
        try {
            JsonFormat.parser().merge(new String(body, StandardCharsets.UTF_8), status);
        } catch (InvalidProtocolBufferException e) {
            throw Problem.malformed("the body is no AgentStatus as JSON: " + e.getMessage()
                    + "; /ingest/v1/openapi.json names each field and its type");
        }
        return List.of(status.build());
    }
}
