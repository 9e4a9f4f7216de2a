// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

/// A device in a rollout.
public record DeviceKey(String tenant, String workload, String rollout, String device) {}
