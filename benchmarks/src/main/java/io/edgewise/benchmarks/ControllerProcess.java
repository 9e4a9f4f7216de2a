// SPDX-License-Identifier: Apache-2.0
package io.edgewise.benchmarks;

import io.agroal.api.AgroalDataSource;
import io.edgewise.controller.SigningKeys;
import io.edgewise.controller.shell.ControllerRole;
import io.edgewise.controller.shell.Looking;
import io.edgewise.runtime.jdbc.Database;
import io.edgewise.runtime.kafka.KafkaSettings;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/// A controller in a process of its own, to be killed. It ends when whoever started it does.
public final class ControllerProcess {
    private static final String ALGORITHM = "Ed25519";

    private ControllerProcess() {}

    public static void main(String[] arguments) throws Exception {
        Ground.quiet();
        EvaluatorProcess.endWithParent();
        try (AgroalDataSource pool = Ground.pool(arguments[1])) {
            ControllerRole role = new ControllerRole(
                    new Database(pool),
                    new KafkaSettings(arguments[0], Map.of()),
                    keys(arguments[2], arguments[3]),
                    InstantSource.system(),
                    Pacing.USUAL,
                    new Looking());
            role.start();
            Thread.currentThread().join();
        }
    }

    /// New ones.
    public static SigningKeys keys() throws GeneralSecurityException {
        KeyPair pair = KeyPairGenerator.getInstance(ALGORITHM).generateKeyPair();
        return new SigningKeys("benchmark", pair.getPrivate(), pair.getPublic());
    }

    /// What a process is told of its keys.
    public static List<String> said(SigningKeys keys) {
        Base64.Encoder text = Base64.getEncoder();
        return List.of(
                text.encodeToString(keys.privateKey().getEncoded()),
                text.encodeToString(keys.publicKey().getEncoded()));
    }

    private static SigningKeys keys(String signing, String checking) throws GeneralSecurityException {
        KeyFactory factory = KeyFactory.getInstance(ALGORITHM);
        Base64.Decoder text = Base64.getDecoder();
        return new SigningKeys(
                "benchmark",
                factory.generatePrivate(new PKCS8EncodedKeySpec(text.decode(signing))),
                factory.generatePublic(new X509EncodedKeySpec(text.decode(checking))));
    }
}
