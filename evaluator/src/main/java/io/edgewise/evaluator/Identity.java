// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

/// Who a record is: `sender` is the device of an observation or the source of feedback.
record Identity(String tenant, String sender, long epoch, long seq) {
    MarkKey mark() {
        return new MarkKey(tenant, sender, epoch);
    }
}
