// SPDX-License-Identifier: Apache-2.0
package io.edgewise.server;

import io.edgewise.contracts.DeviceSecrets;
import io.edgewise.controller.KeyCabinet;
import io.edgewise.controller.shell.TokenBook;
import io.edgewise.runtime.jdbc.Database;
import io.edgewise.runtime.kafka.KafkaSettings;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;
import org.eclipse.microprofile.config.Config;

/// What roles are given. Each is made once.
@Singleton
final class Beans {
    private static final Set<String> TLS_ONLY = Set.of("disabled", "redirect");

    @Produces
    @Singleton
    InstantSource clock() {
        return Clock.systemUTC();
    }

    @Produces
    @Singleton
    Database database(DataSource pool) {
        return new Database(pool);
    }

    @Produces
    @Singleton
    KafkaSettings kafka(PlatformConfig config) {
        return new KafkaSettings(
                config.kafka().bootstrapServers(), config.kafka().client());
    }

    @Produces
    @Singleton
    SecretsFolder.Secrets secrets(PlatformConfig config) {
        return SecretsFolder.open(config.secrets().folder());
    }

    @Produces
    @Singleton
    DeviceSecrets deviceSecrets(SecretsFolder.Secrets secrets) {
        return secrets.devices();
    }

    @Produces
    @Singleton
    KeyCabinet signingKeys(SecretsFolder.Secrets secrets) {
        return secrets.cabinet();
    }

    @Produces
    @Singleton
    Binding binding(PlatformConfig config, Config all) {
        return Binding.of(
                all.getValue("quarkus.http.host", String.class),
                config.insecureBind(),
                isTlsOnly(all),
                config.hosts().orElse(List.of()));
    }

    @Produces
    @Singleton
    Gate gate(PlatformConfig config, Binding binding, SecretsFolder.Secrets secrets, TokenBook tokens) {
        return new Gate(
                binding, config.console().open().orElse(binding.isLoopback()), secrets.operatorToken(), tokens::find);
    }

    private static boolean isTlsOnly(Config all) {
        boolean certificate = all.getOptionalValue("quarkus.http.ssl.certificate.files", String.class)
                        .isPresent()
                || all.getOptionalValue("quarkus.http.ssl.certificate.key-store-file", String.class)
                        .isPresent()
                || all.getOptionalValue("quarkus.http.tls-configuration-name", String.class)
                        .isPresent();
        String insecure = all.getOptionalValue("quarkus.http.insecure-requests", String.class)
                .orElse("enabled");
        return certificate && TLS_ONLY.contains(insecure);
    }
}
