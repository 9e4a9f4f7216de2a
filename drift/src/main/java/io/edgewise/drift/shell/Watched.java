// SPDX-License-Identifier: Apache-2.0
package io.edgewise.drift.shell;

/// A rollout whose windows are compared.
record Watched(String tenant, String workload, String rollout) {}
