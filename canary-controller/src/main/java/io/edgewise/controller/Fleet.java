// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

/// What devices have told of themselves.
///
/// @param known devices that reported on this rollout
/// @param unconfirmed of these, those that do not obey its newest revision yet
/// @param ineligible of these, those that lack a model that it needs: they serve with their own frontier
public record Fleet(long known, long unconfirmed, long ineligible) {
    public static final Fleet UNKNOWN = new Fleet(0, 0, 0);

    public Fleet {
        if (known < 0 || unconfirmed < 0 || unconfirmed > known || ineligible < 0 || ineligible > known) {
            throw new IllegalArgumentException("of " + known + " devices " + unconfirmed + " are unconfirmed and "
                    + ineligible + " ineligible; neither can be more than all");
        }
    }
}
