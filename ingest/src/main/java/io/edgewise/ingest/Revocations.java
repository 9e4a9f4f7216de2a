// SPDX-License-Identifier: Apache-2.0
package io.edgewise.ingest;

import com.google.protobuf.InvalidProtocolBufferException;
import io.edgewise.contracts.DeviceSecrets.Principal;
import io.edgewise.contracts.v1.Revocation;
import io.edgewise.contracts.v1.Signed;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Devices whose tokens count no more, as the directives topic has them. A token is derived, so it would
/// count for ever; what is here is never taken back.
public final class Revocations {
    private final Set<Principal> revoked = ConcurrentHashMap.newKeySet();

    /// Takes a record of the directives topic. Throws where it is no revocation, saying why.
    public void put(String key, Signed signed) {
        try {
            Revocation revocation = Revocation.parseFrom(signed.getPayload());
            String expected = revocation.getTenant() + "/~revoked/" + revocation.getDevice();
            if (!expected.equals(key)) {
                throw new IllegalArgumentException("its key is \"" + key + "\", its content says \"" + expected + "\"");
            }
            revoked.add(new Principal(revocation.getTenant(), revocation.getDevice()));
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException("the payload is no revocation: " + e.getMessage(), e);
        }
    }

    public boolean contains(Principal device) {
        return revoked.contains(device);
    }
}
