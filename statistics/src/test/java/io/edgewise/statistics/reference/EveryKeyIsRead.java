// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.reference;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.statistics.reference.ReferenceLedger.Departure;
import io.edgewise.statistics.reference.ReferenceLedger.Entry;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// For the owner of a reference file: when all its tests have run, every expected value of every case was
/// read, but those that [ReferenceLedger] lists as unread, and none of these.
public final class EveryKeyIsRead implements BeforeAllCallback, BeforeEachCallback, AfterAllCallback {
    private final Set<String> ran = ConcurrentHashMap.newKeySet();

    @Override
    public void beforeAll(ExtensionContext context) {
        ReadKeys.forget(ReferenceLedger.ownedBy(context.getRequiredTestClass()).file());
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        ran.add(context.getRequiredTestMethod().getName());
    }

    @Override
    public void afterAll(ExtensionContext context) {
        Class<?> owner = context.getRequiredTestClass();
        Set<String> tests = Arrays.stream(owner.getDeclaredMethods())
                .filter(ReferenceLedger::isTest)
                .map(Method::getName)
                .collect(Collectors.toSet());
        if (!ran.containsAll(tests)) {
            return; // somebody runs a part of the class
        }
        Entry entry = ReferenceLedger.ownedBy(owner);
        Set<String> unread = new TreeSet<>();
        Set<String> listed = new TreeSet<>();
        for (Reference.Case given : Reference.cases(entry.file(), c -> true)) {
            for (String place : ReadKeys.places(given.expected())) {
                if (!ReadKeys.wasRead(new ReadKeys.Key(entry.file(), given.id(), place))) {
                    unread.add(given.id() + " " + place);
                }
                if (ReferenceLedger.DEPARTURES.stream()
                        .anyMatch(d -> d.leavesUnread(entry.file(), given.id(), place))) {
                    listed.add(given.id() + " " + place);
                }
            }
        }
        assertThat(unread)
                .as(
                        "values of %s that %s does not read: compare them, or list them as %s with the reason",
                        entry.file(), owner.getSimpleName(), Departure.class.getSimpleName())
                .isEqualTo(listed);
    }
}
