// SPDX-License-Identifier: Apache-2.0
package io.edgewise.contracts;

import java.util.regex.Pattern;

/// What tenants, devices, workloads and builds may be called: names that are safe in keys, paths, labels and logs.
public final class Names {
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,127}");

    private Names() {}

    public static boolean isValid(String name) {
        return NAME.matcher(name).matches();
    }

    /// Returns the name, or says what is wrong with it.
    public static String require(String what, String name) {
        if (!isValid(name)) {
            throw new IllegalArgumentException(what + " \"" + name
                    + "\" is not a name: 1 to 128 characters of a-z 0-9 . _ -, the first a letter or a digit");
        }
        return name;
    }
}
