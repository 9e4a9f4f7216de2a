// SPDX-License-Identifier: Apache-2.0
package io.edgewise.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import io.edgewise.contracts.v1.AgentStatus;
import io.edgewise.contracts.v1.Feedback;
import io.edgewise.contracts.v1.Observation;
import io.edgewise.contracts.v1.Signed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// A field that was ever written keeps its number, name and type, so that older agents and logs can be read.
class SchemaCompatibilityTest {
    private static final Path FROZEN = Path.of("src/test/resources/schema.txt");

    @Test
    void everyFieldThatWasEverWrittenIsStillThere() throws IOException {
        Set<String> now = fields();
        if (System.getenv("EDGEWISE_SCHEMA_FREEZE") != null) {
            Files.write(FROZEN, now);
        }

        assertThat(now)
                .as("fields are never taken out, renamed or given another number; new ones are frozen by running"
                        + " this with EDGEWISE_SCHEMA_FREEZE=true")
                .containsExactlyElementsOf(new TreeSet<>(Files.readAllLines(FROZEN)));
    }

    private static Set<String> fields() {
        Set<String> fields = new TreeSet<>();
        Set<String> seen = new TreeSet<>();
        for (Descriptor message : new Descriptor[] {
            Observation.getDescriptor(), Feedback.getDescriptor(), AgentStatus.getDescriptor(), Signed.getDescriptor()
        }) {
            file(message.getFile(), seen, fields);
        }
        return fields;
    }

    private static void file(FileDescriptor file, Set<String> seen, Set<String> fields) {
        if (!seen.add(file.getName())) {
            return;
        }
        file.getDependencies().forEach(dependency -> file(dependency, seen, fields));
        file.getMessageTypes().forEach(message -> message(message, fields));
        file.getEnumTypes().forEach(type -> type(type, fields));
    }

    private static void message(Descriptor message, Set<String> fields) {
        for (FieldDescriptor field : message.getFields()) {
            String label = field.isMapField() ? "map" : field.isRepeated() ? "repeated" : "one";
            fields.add(message.getFullName()
                    + ' '
                    + field.getNumber()
                    + ' '
                    + field.getName()
                    + ' '
                    + label
                    + ' '
                    + field.getType());
        }
        message.getNestedTypes().forEach(nested -> message(nested, fields));
        message.getEnumTypes().forEach(nested -> type(nested, fields));
    }

    private static void type(EnumDescriptor type, Set<String> fields) {
        type.getValues()
                .forEach(value -> fields.add(type.getFullName() + ' ' + value.getNumber() + ' ' + value.getName()));
    }
}
