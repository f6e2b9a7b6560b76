// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.verification.sink.GcsSink;
import io.terrace.verification.sink.S3Sink;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An object that is larger than the memory goes in and comes out, though nobody knew its length. */
class ConstantMemoryTest {

    @TempDir
    Path directory;

    @Test
    void a256MebibyteObjectGoesThroughA64MebibyteHeap() throws Exception {
        streamThroughDirectory(256, 5);
    }

    @Test
    @Tag("soak")
    void a10GibibyteObjectGoesThroughA64MebibyteHeap() throws Exception {
        streamThroughDirectory(10 * 1024, 60);
    }

    @Test
    void a256MebibyteObjectGoesToS3AndComesBack() throws Exception {
        streamThroughS3(256, 5);
    }

    @Test
    @Tag("soak")
    void a10GibibyteObjectGoesToS3AndComesBack() throws Exception {
        streamThroughS3(10 * 1024, 60);
    }

    @Test
    void a256MebibyteObjectGoesToCloudStorageAndComesBack() throws Exception {
        streamThroughCloudStorage(256, 5);
    }

    @Test
    @Tag("soak")
    void a10GibibyteObjectGoesToCloudStorageAndComesBack() throws Exception {
        streamThroughCloudStorage(10 * 1024, 60);
    }

    private void streamThroughDirectory(int mebibytes, int minutes) throws Exception {
        String path = directory.toUri().getRawPath();
        streamThrough(mebibytes, minutes, "terrace:localfs://" + path);
    }

    private static void streamThroughS3(int mebibytes, int minutes) throws Exception {
        try (S3Sink sink = new S3Sink()) {
            streamThrough(mebibytes, minutes, "terrace:s3://sink/blobs?path-style=true&endpoint=" + sink.address());
        }
    }

    private static void streamThroughCloudStorage(int mebibytes, int minutes) throws Exception {
        try (GcsSink sink = new GcsSink()) {
            streamThrough(mebibytes, minutes, "terrace:gcs://sink/blobs?endpoint=" + sink.address());
        }
    }

    private static void streamThrough(int mebibytes, int minutes, String blobs) throws Exception {
        ProcessBuilder program = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-XX:MaxDirectMemorySize=32m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        StreamThrough.class.getName(),
                        String.valueOf(mebibytes),
                        blobs)
                .redirectErrorStream(true);
        program.environment().put("AWS_ACCESS_KEY_ID", "test");
        program.environment().put("AWS_SECRET_ACCESS_KEY", "test");
        Process process = program.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(minutes, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
        assertThat(output).contains("streamed " + mebibytes * 1024L * 1024 + " bytes");
    }
}
