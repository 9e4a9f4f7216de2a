// SPDX-License-Identifier: Apache-2.0
package io.edgewise.demo;

/// The fleet's own count since the demo began. `skipped` requests were never sent, because too many were under way;
/// `truths` are those that a device took from the app. `recorded` counts the observations in the devices' spools,
/// `feedback` the truths there, `spooled` what waits there, `unrecorded` what could not be written.
public record FleetFigures(
        long requests,
        long failed,
        long skipped,
        long truths,
        long recorded,
        long feedback,
        long spooled,
        long unrecorded) {}
