// SPDX-License-Identifier: Apache-2.0
package io.edgewise.demo;

/// The fleet's own count since the demo began. `skipped` requests were never sent, because too many were under way;
/// `recorded` counts the observations in the devices' spools, `spooled` those that wait there.
public record FleetFigures(
        long requests, long failed, long skipped, long recorded, long feedback, long spooled, long unrecorded) {}
