// SPDX-License-Identifier: Apache-2.0
package io.edgewise.runtime.access;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// What a resource's method needs, any of them. Without it reading needs READ, and everything else OPERATE.
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Needs {
    Right[] value();
}
