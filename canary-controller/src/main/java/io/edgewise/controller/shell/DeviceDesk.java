// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller.shell;

import io.edgewise.contracts.DeviceSecrets;
import io.edgewise.contracts.Names;
import io.edgewise.contracts.Signing;
import io.edgewise.contracts.v1.Revocation;
import io.edgewise.controller.KeyCabinet;
import io.edgewise.runtime.access.Caller;
import io.edgewise.runtime.jdbc.Database;
import io.edgewise.runtime.jdbc.Sql;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Enrols devices: gives what an agent needs to be believed, and to know whom to believe. Credentials are derived, so
/// none is kept, and the same device is given the same again; that somebody asked is written down.
@ApplicationScoped
public class DeviceDesk {
    private static final int LONGEST_WHY = 2_000;

    private final Database database;
    private final DeviceSecrets devices;
    private final Signer signer;
    private final InstantSource clock;
    private final String tenant;

    @Inject
    public DeviceDesk(
            Database database, DeviceSecrets devices, KeyCabinet keys, InstantSource clock, ControllerConfig config) {
        this.database = database;
        this.devices = devices;
        this.signer = new Signer(keys);
        this.clock = clock;
        this.tenant = config.tenant();
    }

    public record DeviceBody(@Nullable String device) {}

    /// `feedbackKey` is hexadecimal, `signingKey` the public key of orders in PEM.
    public record DeviceView(String tenant, String device, String token, String feedbackKey, String signingKey) {}

    DeviceView enrol(String body, Caller caller) {
        String device = Json.read("the device", body, DeviceBody.class).device();
        if (device == null || !Names.isValid(device)) {
            throw Problem.invalid(
                    "the device",
                    "device: must be its name, pseudonymous: 1 to 128 characters of a-z 0-9 . _ -, the first a letter"
                            + " or a digit");
        }
        return Transactions.run(database, sql -> {
            if (isRevoked(sql, device)) {
                throw Problem.conflict(
                        "the device is revoked",
                        "device " + device + " was revoked for good; enrol it under another name");
            }
            byte[] key = signer.key(sql, tenant).publicKey().getEncoded();
            ActBook.append(
                    sql,
                    tenant,
                    new ActBook.Act(
                            "device-enrolled",
                            caller.name(),
                            caller.name() + " enrolled device " + device + ".",
                            Map.of("device", device)),
                    now());
            return new DeviceView(
                    tenant,
                    device,
                    devices.token(tenant, device),
                    HexFormat.of().formatHex(devices.feedbackKey(tenant, device)),
                    PublicPem.of(key));
        });
    }

    /// Ingest hears of it as of an order, and takes nothing from the device any more. Its name is not given again.
    void revoke(String device, @Nullable String why, Caller caller) {
        if (!Names.isValid(device)) {
            throw Problem.missing("such a device", "its name is 1 to 128 characters of a-z 0-9 . _ -");
        }
        if (why == null || why.isBlank() || why.length() > LONGEST_WHY) {
            throw Problem.invalid("the revocation", "it needs \"why\": it goes into the log of acts");
        }
        Instant now = now();
        Transactions.run(database, sql -> {
            int touched = sql.update(
                    "INSERT INTO controller.revoked_device (tenant, device, who, why, revoked_at)"
                            + " VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                    tenant,
                    device,
                    caller.name(),
                    why,
                    Times.of(now));
            if (touched == 0) {
                return false;
            }
            byte[] revocation = Revocation.newBuilder()
                    .setTenant(tenant)
                    .setDevice(device)
                    .setAtMs(now.toEpochMilli())
                    .build()
                    .toByteArray();
            Outbox.append(
                    sql,
                    tenant + "/~revoked/" + device,
                    signer.key(sql, tenant).sign(Signing.REVOCATION, revocation).toByteArray(),
                    now);
            ActBook.append(
                    sql,
                    tenant,
                    new ActBook.Act(
                            "device-revoked",
                            caller.name(),
                            caller.name() + " revoked device " + device + ", because: " + why,
                            Map.of("device", device)),
                    now);
            return true;
        });
    }

    private boolean isRevoked(Sql sql, String device) throws SQLException {
        return sql.first(
                        "SELECT 1 FROM controller.revoked_device WHERE tenant = ? AND device = ?",
                        row -> row.getInt(1),
                        tenant,
                        device)
                .isPresent();
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
