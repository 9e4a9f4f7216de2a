// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller.shell;

import io.edgewise.contracts.DeviceSecrets;
import io.edgewise.contracts.Names;
import io.edgewise.controller.SigningKeys;
import io.edgewise.runtime.access.Caller;
import io.edgewise.runtime.jdbc.Database;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Enrols devices: gives what an agent needs to be believed, and to know whom to believe. Credentials are derived, so
/// none is kept, and the same device is given the same again; that somebody asked is written down.
@ApplicationScoped
public class DeviceDesk {
    private static final int LINE = 64;

    private final Database database;
    private final DeviceSecrets devices;
    private final SigningKeys keys;
    private final InstantSource clock;
    private final String tenant;

    @Inject
    public DeviceDesk(
            Database database, DeviceSecrets devices, SigningKeys keys, InstantSource clock, ControllerConfig config) {
        this.database = database;
        this.devices = devices;
        this.keys = keys;
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
            ActBook.append(
                    sql,
                    tenant,
                    new ActBook.Act(
                            "device-enrolled",
                            caller.name(),
                            caller.name() + " enrolled device " + device + ".",
                            Map.of("device", device)),
                    clock.instant().truncatedTo(ChronoUnit.MILLIS));
            return new DeviceView(
                    tenant,
                    device,
                    devices.token(tenant, device),
                    HexFormat.of().formatHex(devices.feedbackKey(tenant, device)),
                    pem(keys.publicKey().getEncoded()));
        });
    }

    private static String pem(byte[] key) {
        return "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder(LINE, new byte[] {'\n'}).encodeToString(key) + "\n-----END PUBLIC KEY-----\n";
    }
}
