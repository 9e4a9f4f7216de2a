// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.shell;

import io.edgewise.agent.DeviceState;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/// How hot the device is, by its thermal zones and by what the kernel itself does about it: at a
/// `passive` trip point it slows the processor down (serious), at a `hot` or `critical` one it is about
/// to stop (critical); within 5 degrees below a passive one it is fair. No number is made up: a zone
/// without such a trip point says nothing, and where none says anything the heat is unknown. The hottest
/// zone counts.
final class Thermometer {
    private static final long NEAR_MILLIDEGREES = 5_000;
    private static final int MOST_TRIPS = 32;

    private record Trip(boolean isPassive, long millidegrees) {}

    private record Zone(Path temperature, List<Trip> trips) {}

    private final List<Zone> zones;

    private Thermometer(List<Zone> zones) {
        this.zones = List.copyOf(zones);
    }

    static Thermometer find(Path classes) {
        List<Zone> zones = new ArrayList<>();
        for (Path folder : SystemFile.children(classes.resolve("thermal"))) {
            List<Trip> trips = trips(folder);
            if (!trips.isEmpty()) {
                zones.add(new Zone(folder.resolve("temp"), trips));
            }
        }
        return new Thermometer(zones);
    }

    /// Of a trip point that is not used, drivers say 0 or less.
    private static List<Trip> trips(Path folder) {
        List<Trip> trips = new ArrayList<>();
        for (int i = 0; i < MOST_TRIPS; i++) {
            String type =
                    SystemFile.text(folder.resolve("trip_point_" + i + "_type")).orElse("");
            OptionalLong at = SystemFile.number(folder.resolve("trip_point_" + i + "_temp"));
            boolean isPassive = type.equals("passive");
            if ((isPassive || type.equals("hot") || type.equals("critical")) && at.orElse(0) > 0) {
                trips.add(new Trip(isPassive, at.getAsLong()));
            }
        }
        return trips;
    }

    DeviceState.Thermal read() {
        DeviceState.Thermal hottest = DeviceState.Thermal.UNKNOWN;
        for (Zone zone : zones) {
            OptionalLong now = SystemFile.number(zone.temperature());
            if (now.orElse(0) > 0) {
                DeviceState.Thermal here = grade(now.getAsLong(), zone.trips());
                hottest = here.compareTo(hottest) > 0 ? here : hottest;
            }
        }
        return hottest;
    }

    private static DeviceState.Thermal grade(long now, List<Trip> trips) {
        DeviceState.Thermal grade = DeviceState.Thermal.NOMINAL;
        for (Trip trip : trips) {
            DeviceState.Thermal here = DeviceState.Thermal.NOMINAL;
            if (now >= trip.millidegrees()) {
                here = trip.isPassive() ? DeviceState.Thermal.SERIOUS : DeviceState.Thermal.CRITICAL;
            } else if (trip.isPassive() && now >= trip.millidegrees() - NEAR_MILLIDEGREES) {
                here = DeviceState.Thermal.FAIR;
            }
            grade = here.compareTo(grade) > 0 ? here : grade;
        }
        return grade;
    }
}
