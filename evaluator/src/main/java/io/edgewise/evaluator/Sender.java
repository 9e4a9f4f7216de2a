// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import io.edgewise.evaluator.wire.Word;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One sender of a partition: a device, or a source of feedback. Its marks, one per spool, and its blocks,
/// one set per rollout.
final class Sender {
    /// The mark of one spool.
    static final class Spool {
        private final MarkKey key;
        private final DeviceMark mark;

        private Spool(MarkKey key, DeviceMark mark) {
            this.key = key;
            this.mark = mark;
        }

        MarkKey key() {
            return key;
        }

        DeviceMark mark() {
            return mark;
        }
    }

    /// The blocks of one rollout.
    static final class Blocks {
        private final DeviceKey key;
        private DeviceBlocks blocks;

        private Blocks(DeviceKey key, DeviceBlocks blocks) {
            this.key = key;
            this.blocks = blocks;
        }

        DeviceKey key() {
            return key;
        }

        DeviceBlocks blocks() {
            return blocks;
        }

        /// What is known from a newer place takes the place of what was.
        void replace(DeviceBlocks newer) {
            blocks = newer;
        }
    }

    private final byte[] key;
    private final int hash;
    private final String tenant;
    private final String name;
    private final List<Spool> spools = new ArrayList<>(1);
    /// Those that the last records were of come first: a device meets many rollouts in its life, and few at a time.
    private final List<Blocks> rollouts = new ArrayList<>(1);
    /// The spool of the record that came last; null after a restart.
    private @Nullable Spool latest;

    Sender(byte[] key, int hash, String tenant, String name) {
        this.key = key;
        this.hash = hash;
        this.tenant = tenant;
        this.name = name;
    }

    int hash() {
        return hash;
    }

    boolean hasKey(byte[] other, int itsHash) {
        return hash == itsHash && Arrays.equals(key, other);
    }

    boolean is(Word itsTenant, Word itsName) {
        return name.equals(itsName.text()) && tenant.equals(itsTenant.text());
    }

    Spool spool(long epoch) {
        for (Spool spool : spools) {
            if (spool.key.epoch() == epoch) {
                return spool;
            }
        }
        return add(epoch, new DeviceMark());
    }

    /// A device has one spool, and a new one when it was lost; where records of two take turns, two devices
    /// send under one name. True when this record's spool was left before.
    boolean returnsTo(long epoch, boolean isFirst) {
        Spool before = latest;
        if (before != null && before.key.epoch() == epoch) {
            return false;
        }
        latest = spool(epoch);
        return before != null && !isFirst;
    }

    Spool add(long epoch, DeviceMark mark) {
        Spool spool = new Spool(new MarkKey(tenant, name, epoch), mark);
        spools.removeIf(each -> each.key.epoch() == epoch);
        spools.add(spool);
        return spool;
    }

    Blocks blocks(String workload, String rollout) {
        for (int i = 0; i < rollouts.size(); i++) {
            Blocks blocks = rollouts.get(i);
            if (blocks.key.rollout().equals(rollout) && blocks.key.workload().equals(workload)) {
                if (i > 0) {
                    rollouts.remove(i);
                    rollouts.addFirst(blocks);
                }
                return blocks;
            }
        }
        Blocks fresh = new Blocks(new DeviceKey(tenant, workload, rollout, name), new DeviceBlocks());
        rollouts.addFirst(fresh);
        return fresh;
    }

    /// In the order in which they are looked through.
    List<Blocks> rollouts() {
        return List.copyOf(rollouts);
    }
}
