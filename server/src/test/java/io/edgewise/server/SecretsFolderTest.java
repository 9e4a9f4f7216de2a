// SPDX-License-Identifier: Apache-2.0
package io.edgewise.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgewise.contracts.DeviceSecrets;
import io.edgewise.contracts.Signing;
import io.edgewise.controller.KeyCabinet;
import io.edgewise.controller.SigningKeys;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretsFolderTest {
    @TempDir
    Path folder;

    @Test
    void makesWhatIsMissingReadableByItsOwnerOnly() throws IOException {
        SecretsFolder.open(folder.resolve("new"));

        for (String name : List.of("signing.key", "signing.pub", "device-secret", "operator-token")) {
            Path file = folder.resolve("new").resolve(name);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .as(name)
                    .isEqualTo("rw-------");
        }
        assertThat(Files.readString(folder.resolve("new/signing.key"))).startsWith("-----BEGIN PRIVATE KEY-----");
        assertThat(Files.readString(folder.resolve("new/signing.pub"))).startsWith("-----BEGIN PUBLIC KEY-----");
    }

    @Test
    void findsTheSameSecretsAgain() throws IOException {
        SecretsFolder.Secrets first = SecretsFolder.open(folder);
        SecretsFolder.Secrets again = SecretsFolder.open(folder);

        assertThat(again.signing()).isEqualTo(first.signing());
        assertThat(again.operatorToken()).isEqualTo(first.operatorToken()).hasSizeGreaterThan(40);
        assertThat(again.devices().token("default", "d1"))
                .isEqualTo(first.devices().token("default", "d1"))
                .isEqualTo(new DeviceSecrets(Files.readString(folder.resolve("device-secret"))
                                .strip()
                                .getBytes(StandardCharsets.UTF_8))
                        .token("default", "d1"));
    }

    @Test
    void thePairSignsAndVerifies() {
        SigningKeys pair = SecretsFolder.open(folder).signing();

        assertThat(Signing.verify(
                        Signing.sign(Signing.LEASE, new byte[] {1}, pair.keyId(), pair.privateKey()), pair.publicKey()))
                .isTrue();
        assertThat(pair.keyId()).matches("[0-9a-f]{16}");
    }

    @Test
    void refusesHalvesOfDifferentPairs(@TempDir Path other) throws IOException {
        SecretsFolder.open(folder);
        SecretsFolder.open(other);
        Files.writeString(folder.resolve("signing.pub"), Files.readString(other.resolve("signing.pub")));

        assertThatThrownBy(() -> SecretsFolder.open(folder))
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining("not halves of one pair")
                .hasMessageContaining(folder.toString());
    }

    @Test
    void doesNotReplaceTheLostHalfOfAPair() throws IOException {
        SecretsFolder.open(folder);
        Files.delete(folder.resolve("signing.pub"));

        assertThatThrownBy(() -> SecretsFolder.open(folder)).hasMessageContaining("is missing");
    }

    @Test
    void saysThatAnEmptySecretIsToBeDeleted() throws IOException {
        SecretsFolder.open(folder);
        Files.writeString(folder.resolve("device-secret"), "\n");

        assertThatThrownBy(() -> SecretsFolder.open(folder))
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining("device-secret is empty; restore it, or delete it and start again");

        Files.delete(folder.resolve("device-secret"));
        Files.writeString(folder.resolve("signing.key"), "");
        assertThatThrownBy(() -> SecretsFolder.open(folder)).hasMessageContaining("delete signing.key and signing.pub");
    }

    @Test
    void whatAKilledStartLeftIsReplacedAndNothingIsLeftBeside() throws IOException {
        Files.writeString(folder.resolve(".operator-token.partial"), "half of a to");

        SecretsFolder.Secrets secrets = SecretsFolder.open(folder);

        assertThat(secrets.operatorToken()).hasSizeGreaterThan(40);
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            ".lock", "signing.key", "signing.pub", "device-secret", "operator-token");
        }
    }

    @Test
    void keysThatFollowTheFirstAreKeptLikeItAndFoundAgain() throws IOException {
        SecretsFolder.Secrets secrets = SecretsFolder.open(folder);
        SigningKeys second = secrets.cabinet().make();
        SigningKeys third = secrets.cabinet().make();

        assertThat(secrets.cabinet().first()).isEqualTo(secrets.signing());
        assertThat(secrets.cabinet().find(secrets.signing().keyId())).contains(secrets.signing());
        KeyCabinet again = SecretsFolder.open(folder).cabinet();
        assertThat(again.first()).isEqualTo(secrets.signing());
        assertThat(again.find(second.keyId())).contains(second);
        assertThat(again.find(third.keyId())).contains(third);
        for (String end : List.of(".key", ".pub")) {
            assertThat(PosixFilePermissions.toString(
                            Files.getPosixFilePermissions(folder.resolve("signing-" + second.keyId() + end))))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void aPairUnderAnothersNameOrNoneIsNotTaken() throws IOException {
        KeyCabinet cabinet = SecretsFolder.open(folder).cabinet();
        Files.copy(folder.resolve("signing.key"), folder.resolve("signing-0123456789abcdef.key"));
        Files.copy(folder.resolve("signing.pub"), folder.resolve("signing-0123456789abcdef.pub"));

        assertThat(cabinet.find("0123456789abcdef")).isEmpty();
        assertThat(cabinet.find("fedcba9876543210")).isEmpty();
        assertThat(cabinet.find("../signing")).isEmpty();
    }

    @Test
    void refusesAWeakOperatorToken() throws IOException {
        Files.writeString(folder.resolve("operator-token"), "admin");

        assertThatThrownBy(() -> SecretsFolder.open(folder)).hasMessageContaining("operator-token");
    }
}
