// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.onnx;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// Model files made by hand, field by field of onnx.proto: also such as no tool would write.
final class OnnxBytes {
    static final int FLOAT = 1;
    static final int INT64 = 7;
    static final int BOOL = 9;

    private final UnknownFieldSet.Builder fields = UnknownFieldSet.newBuilder();

    OnnxBytes number(int field, long value) {
        fields.mergeVarintField(field, (int) value);
        return this;
    }

    OnnxBytes large(int field, long value) {
        fields.mergeField(
                field, UnknownFieldSet.Field.newBuilder().addVarint(value).build());
        return this;
    }

    OnnxBytes text(int field, String value) {
        return bytes(field, value.getBytes(StandardCharsets.UTF_8));
    }

    OnnxBytes bytes(int field, byte[] value) {
        fields.mergeField(
                field,
                UnknownFieldSet.Field.newBuilder()
                        .addLengthDelimited(ByteString.copyFrom(value))
                        .build());
        return this;
    }

    OnnxBytes add(int field, OnnxBytes message) {
        return bytes(field, message.toBytes());
    }

    byte[] toBytes() {
        return fields.build().toByteArray();
    }

    static OnnxBytes node(String operator, String... inputsAndLastlyTheOutput) {
        OnnxBytes node = new OnnxBytes();
        for (int i = 0; i < inputsAndLastlyTheOutput.length - 1; i++) {
            node.text(1, inputsAndLastlyTheOutput[i]);
        }
        return node.text(2, inputsAndLastlyTheOutput[inputsAndLastlyTheOutput.length - 1])
                .text(3, operator + "-" + inputsAndLastlyTheOutput[inputsAndLastlyTheOutput.length - 1])
                .text(4, operator);
    }

    static OnnxBytes tensor(String name, int type, byte[] raw, long... shape) {
        OnnxBytes tensor = new OnnxBytes();
        for (long size : shape) {
            tensor.large(1, size);
        }
        return tensor.number(2, type).text(8, name).bytes(9, raw);
    }

    /// Gives back `start` as `probabilities` after as many `turns`, each of which does nothing.
    static OnnxBytes loop(int width) {
        OnnxBytes body = new OnnxBytes()
                .add(1, node("Identity", "go", "goOn"))
                .add(1, node("Identity", "before", "after"))
                .text(2, "body")
                .add(11, value("turn", INT64))
                .add(11, value("go", BOOL))
                .add(11, value("before", FLOAT, 1, width))
                .add(12, value("goOn", BOOL))
                .add(12, value("after", FLOAT, 1, width));
        return node("Loop", "turns", "yes", "start", "probabilities")
                .add(5, new OnnxBytes().text(1, "body").add(6, body).number(20, 5));
    }

    static byte[] floats(int count) {
        return new byte[count * Float.BYTES];
    }

    static byte[] longs(long... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (long value : values) {
            bytes.putLong(value);
        }
        return bytes.array();
    }

    static OnnxBytes value(String name, int type, long... shape) {
        OnnxBytes dimensions = new OnnxBytes();
        for (long size : shape) {
            dimensions.add(1, new OnnxBytes().large(1, size));
        }
        return new OnnxBytes()
                .text(1, name)
                .add(2, new OnnxBytes().add(1, new OnnxBytes().number(1, type).add(2, dimensions)));
    }

    static byte[] model(OnnxBytes graph, String... moreDomains) {
        OnnxBytes model = new OnnxBytes().number(1, 8).text(2, "by hand").add(7, graph.text(2, "graph"));
        model.add(8, new OnnxBytes().text(1, "").number(2, 17));
        for (String domain : moreDomains) {
            model.add(8, new OnnxBytes().text(1, domain).number(2, 1));
        }
        return model.toBytes();
    }
}
