// SPDX-License-Identifier: Apache-2.0
package io.edgewise.contracts;

import java.nio.charset.StandardCharsets;

/// The topics of the platform, their record headers and the frozen partitioner.
public final class Topics {
    public static final String OBSERVATIONS = "edgewise.observations";
    public static final String FEEDBACK = "edgewise.feedback";
    public static final String DIRECTIVES = "edgewise.directives";
    public static final String AGENT_STATUS = "edgewise.agent-status";
    public static final String DEAD_LETTERS = "edgewise.dead-letters";

    /// Partitions of `observations` and `feedback`. Never added to in place: a device would move while the first copy
    /// of a resent record is still unread on the old partition.
    public static final int PARTITIONS = 64;

    /// Record header "schema": name, slash, major version.
    public static final String SCHEMA_HEADER = "schema";

    public static final String OBSERVATION_SCHEMA = "observation/1";
    public static final String FEEDBACK_SCHEMA = "feedback/1";
    public static final String AGENT_STATUS_SCHEMA = "agent-status/1";

    private Topics() {}

    /// Key of a device's records: tenant and device, separated by a character that neither may hold.
    public static byte[] key(String tenant, String device) {
        return (tenant + '/' + device).getBytes(StandardCharsets.UTF_8);
    }

    /// Murmur2 of the key, as Kafka's own producers compute it, modulo the number of partitions.
    public static int partition(byte[] key, int partitions) {
        return (murmur2(key) & 0x7fffffff) % partitions;
    }

    static int murmur2(byte[] data) {
        int length = data.length;
        int m = 0x5bd1e995;
        int h = 0x9747b28c ^ length;
        int blocks = length / 4;
        for (int i = 0; i < blocks; i++) {
            int at = i * 4;
            int k = (data[at] & 0xff)
                    | (data[at + 1] & 0xff) << 8
                    | (data[at + 2] & 0xff) << 16
                    | (data[at + 3] & 0xff) << 24;
            k *= m;
            k ^= k >>> 24;
            k *= m;
            h *= m;
            h ^= k;
        }
        int tail = blocks * 4;
        int rest = length - tail;
        if (rest == 3) {
            h ^= (data[tail + 2] & 0xff) << 16;
        }
        if (rest >= 2) {
            h ^= (data[tail + 1] & 0xff) << 8;
        }
        if (rest >= 1) {
            h ^= data[tail] & 0xff;
            h *= m;
        }
        h ^= h >>> 13;
        h *= m;
        h ^= h >>> 15;
        return h;
    }
}
