// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell.judge;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;

public final class Configs {
    private Configs() {}

    public static JudgeConfig of(Map<String, String> values) {
        return new SmallRyeConfigBuilder()
                .withMapping(JudgeConfig.class)
                .withSources(new PropertiesConfigSource(values, "test", 100))
                .build()
                .getConfigMapping(JudgeConfig.class);
    }
}
