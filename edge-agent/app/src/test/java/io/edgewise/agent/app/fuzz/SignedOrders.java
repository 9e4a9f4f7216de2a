// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.fuzz;

import com.google.protobuf.InvalidProtocolBufferException;
import io.edgewise.agent.orders.Judgement;
import io.edgewise.agent.orders.Keyring;
import io.edgewise.agent.orders.Moment;
import io.edgewise.agent.orders.OrdersState;
import io.edgewise.agent.orders.Standing;
import io.edgewise.contracts.Signing;
import io.edgewise.contracts.v1.Directive;
import io.edgewise.contracts.v1.Orders;
import io.edgewise.contracts.v1.Signed;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Map;

/// What a device gets as orders: any bytes as an answer of ingest, and any bytes under a good signature. An order is
/// obeyed only when it is well-formed, of this tenant and workload, and never goes back.
public final class SignedOrders {
    private static final KeyPair KEYS = keys();
    private static final OrdersState STATE =
            new OrdersState(Keyring.of(KEYS.getPublic()), "default", "intents", Map.of("device", "d-1"));
    private static final Moment NOW = new Moment(1_790_000_000_000L, 1_000_000_000L);

    private SignedOrders() {}

    private static KeyPair keys() {
        try {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length == 0) {
            return;
        }
        byte[] rest = Arrays.copyOfRange(input, 1, input.length);
        switch (input[0] & 3) {
            case 0 -> unsigned(rest);
            case 1 -> judge(Signing.sign(Signing.LEASE, rest, "k1", KEYS.getPrivate()));
            default -> directive(rest);
        }
    }

    private static void unsigned(byte[] bytes) {
        try {
            for (Signed signed : Orders.parseFrom(bytes).getSignedList()) {
                OpenAiBodies.require(judge(signed) instanceof Judgement.Refused);
            }
        } catch (InvalidProtocolBufferException e) {
            // Ingest's answer is refused as a whole.
            return;
        }
    }

    private static void directive(byte[] payload) {
        Signed signed = Signing.sign(Signing.DIRECTIVE, payload, "k1", KEYS.getPrivate());
        if (judge(signed) instanceof Judgement.Accepted accepted) {
            Directive content = accepted.next().directive().orElseThrow().content();
            OpenAiBodies.require(content.getTenant().equals("default")
                    && content.getWorkload().equals("intents")
                    && content.getRevision() > 0);
        }
    }

    private static Judgement judge(Signed signed) {
        return STATE.judge(Standing.NONE, signed, NOW);
    }
}
