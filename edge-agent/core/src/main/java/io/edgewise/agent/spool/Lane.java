// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.spool;

/// A sequence of its own within the spool.
public enum Lane {
    OBSERVATIONS,
    FEEDBACK
}
