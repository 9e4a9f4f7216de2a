// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.onnx;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.util.Map;

/// Whether a model's weights are to be read from other files, which nobody signed: ONNX Runtime reads whatever path the
/// model names. The fields are those of onnx.proto.
final class OtherFiles {
    private static final int DEEPEST = 64;
    private static final int EXTERNAL_DATA = 13;
    private static final int DATA_LOCATION = 14;

    private OtherFiles() {}

    private enum Kind {
        MODEL,
        GRAPH,
        NODE,
        ATTRIBUTE,
        FUNCTION,
        SPARSE,
        TENSOR
    }

    /// What the messages of each kind hold that may hold a tensor.
    private static final Map<Kind, Map<Integer, Kind>> PARTS = Map.of(
            Kind.MODEL, Map.of(7, Kind.GRAPH, 25, Kind.FUNCTION),
            Kind.GRAPH, Map.of(1, Kind.NODE, 5, Kind.TENSOR, 15, Kind.SPARSE),
            Kind.NODE, Map.of(5, Kind.ATTRIBUTE),
            Kind.ATTRIBUTE,
                    Map.of(
                            5,
                            Kind.TENSOR,
                            6,
                            Kind.GRAPH,
                            10,
                            Kind.TENSOR,
                            11,
                            Kind.GRAPH,
                            22,
                            Kind.SPARSE,
                            23,
                            Kind.SPARSE),
            Kind.FUNCTION, Map.of(7, Kind.NODE, 11, Kind.ATTRIBUTE),
            Kind.SPARSE, Map.of(1, Kind.TENSOR, 2, Kind.TENSOR),
            Kind.TENSOR, Map.of());

    /// Throws where the bytes are no model.
    static boolean areIn(byte[] model) throws IOException {
        CodedInputStream in = CodedInputStream.newInstance(model);
        in.setSizeLimit(Integer.MAX_VALUE);
        return areIn(in, Kind.MODEL, 0);
    }

    private static boolean areIn(CodedInputStream in, Kind kind, int depth) throws IOException {
        if (depth > DEEPEST) {
            throw new IOException("its graphs are nested more than " + DEEPEST + " deep");
        }
        Map<Integer, Kind> parts = PARTS.getOrDefault(kind, Map.of());
        int tag = in.readTag();
        while (tag != 0) {
            int field = WireFormat.getTagFieldNumber(tag);
            boolean isMessage = WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED;
            Kind part = isMessage ? parts.get(field) : null;
            if (kind == Kind.TENSOR && (field == EXTERNAL_DATA || field == DATA_LOCATION)) {
                if (field == EXTERNAL_DATA || in.readInt32() != 0) {
                    return true;
                }
            } else if (part == null) {
                in.skipField(tag);
            } else {
                int outer = in.pushLimit(in.readRawVarint32());
                if (areIn(in, part, depth + 1)) {
                    return true;
                }
                in.popLimit(outer);
            }
            tag = in.readTag();
        }
        return false;
    }
}
