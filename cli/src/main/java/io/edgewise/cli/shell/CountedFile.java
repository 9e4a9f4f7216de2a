// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.shell;

import dev.hardwood.InputFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/// A file that is read by place, whose bytes count as progress.
final class CountedFile implements InputFile {
    private final InputFile file;
    private final Progress progress;

    CountedFile(Path file, Progress progress) {
        this.file = InputFile.of(file);
        this.progress = progress;
    }

    @Override
    public void open() throws IOException {
        file.open();
        progress.expect(file.length());
    }

    @Override
    public ByteBuffer readRange(long offset, int length) throws IOException {
        progress.advance(length);
        return file.readRange(offset, length);
    }

    @Override
    public long length() throws IOException {
        return file.length();
    }

    @Override
    public String name() {
        return file.name();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
