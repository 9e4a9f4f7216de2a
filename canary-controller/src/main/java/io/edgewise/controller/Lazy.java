// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A value of a pure function that is computed when it is first asked for, and once. Equal where the values are.
public final class Lazy<T> implements Supplier<T> {
    private @Nullable Supplier<T> compute;
    private @Nullable T value;

    private Lazy(@Nullable Supplier<T> compute, @Nullable T value) {
        this.compute = compute;
        this.value = value;
    }

    public static <T> Lazy<T> of(Supplier<T> compute) {
        return new Lazy<>(compute, null);
    }

    /// Of something that is known already.
    public static <T> Lazy<T> known(T value) {
        return new Lazy<>(null, value);
    }

    @Override
    public synchronized T get() {
        Supplier<T> open = compute;
        T known = value;
        if (known == null) {
            if (open == null) {
                throw new IllegalStateException("a lazy value has neither a value nor a way to it");
            }
            known = open.get();
            value = known;
            compute = null;
        }
        return known;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Lazy<?> lazy && get().equals(lazy.get());
    }

    @Override
    public int hashCode() {
        return get().hashCode();
    }

    @Override
    public String toString() {
        return String.valueOf(get());
    }
}
