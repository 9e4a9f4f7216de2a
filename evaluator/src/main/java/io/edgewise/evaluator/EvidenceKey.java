// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import io.edgewise.contracts.Stratum;

/// What a row of evidence is about.
public record EvidenceKey(String tenant, String workload, String rollout, Stratum stratum) {}
