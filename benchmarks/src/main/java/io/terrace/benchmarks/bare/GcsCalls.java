// SPDX-License-Identifier: Apache-2.0
package io.terrace.benchmarks.bare;

import com.google.api.client.http.HttpTransport;
import com.google.api.client.http.apache.v2.ApacheHttpTransport;
import com.google.cloud.NoCredentials;
import com.google.cloud.ReadChannel;
import com.google.cloud.ServiceOptions;
import com.google.cloud.http.HttpTransportOptions;
import com.google.cloud.storage.Blob;
import com.google.cloud.storage.BlobId;
import com.google.cloud.storage.BlobInfo;
import com.google.cloud.storage.Storage;
import com.google.cloud.storage.Storage.BlobField;
import com.google.cloud.storage.Storage.BlobGetOption;
import com.google.cloud.storage.Storage.BlobTargetOption;
import com.google.cloud.storage.StorageOptions;
import io.terrace.gcs.GcsBlobs;
import io.terrace.spi.TerraceRuntime;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import org.apache.http.impl.client.HttpClientBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Puts and gets of whole objects on Cloud Storage. The bare side has as many threads, and the same connections and conditions; it
 * reads the same generation that it saw described, into buffers that a receiver may keep, and checks the same checksum.
 */
final class GcsCalls {

    private static final String BUCKET = "bench";
    private static final String METADATA = "x-terrace-metadata";
    private static final int THREADS = 32;
    private static final int BUFFER_BYTES = 256 << 10;
    private static final int READ_MILLIS = 30_000;
    private static final BlobGetOption DESCRIPTION = BlobGetOption.fields(
            BlobField.NAME,
            BlobField.GENERATION,
            BlobField.SIZE,
            BlobField.CRC32C,
            BlobField.CONTENT_TYPE,
            BlobField.CONTENT_ENCODING,
            BlobField.METADATA,
            BlobField.TIME_CREATED,
            BlobField.CUSTOM_TIME);

    private GcsCalls() {}

    static Calls terrace(URI endpoint) {
        return BlobCalls.of(GcsBlobs.builder(TerraceRuntime.system())
                .bucket(BUCKET)
                .endpoint(endpoint.toString())
                .threads(THREADS)
                .build());
    }

    static Calls bare(URI endpoint) {
        HttpTransport transport = new ApacheHttpTransport(HttpClientBuilder.create()
                .useSystemProperties()
                .setMaxConnTotal(THREADS)
                .setMaxConnPerRoute(THREADS)
                .disableRedirectHandling()
                .disableAutomaticRetries()
                .disableContentCompression()
                .disableCookieManagement()
                .disableAuthCaching()
                .build());
        Storage client = StorageOptions.http()
                .setTransportOptions(HttpTransportOptions.newBuilder()
                        .setHttpTransportFactory(() -> transport)
                        .setReadTimeout(READ_MILLIS)
                        .build())
                .setRetrySettings(ServiceOptions.getNoRetrySettings())
                .setHost(endpoint.toString())
                .setCredentials(NoCredentials.getInstance())
                .setProjectId("none")
                .build()
                .getService();
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        return sample -> Map.of(
                BlobCalls.PUT,
                done -> threads.execute(() -> tell(done, () -> put(client, sample))),
                BlobCalls.GET,
                done -> threads.execute(() -> tell(done, () -> get(client, sample))));
    }

    private static void tell(Consumer<@Nullable Throwable> done, Callable<?> work) {
        try {
            work.call();
        } catch (Exception e) {
            done.accept(e);
            return;
        }
        done.accept(null);
    }

    private static Blob put(Storage client, Sample sample) {
        return client.create(
                BlobInfo.newBuilder(BUCKET, sample.name())
                        .setContentType(sample.metadata.contentType())
                        .setMetadata(Map.of(METADATA, sample.encodedMetadata()))
                        .build(),
                sample.bytes,
                0,
                sample.bytes.length,
                BlobTargetOption.doesNotExist(),
                BlobTargetOption.disableGzipContent());
    }

    private static long get(Storage client, Sample sample) throws Exception {
        Blob described = client.get(BlobId.of(BUCKET, sample.name()), DESCRIPTION);
        long size = described.getSize();
        CRC32C crc = new CRC32C();
        try (ReadChannel channel = client.reader(BlobId.of(BUCKET, described.getName(), described.getGeneration()))) {
            channel.setChunkSize(0);
            channel.limit(size);
            for (long position = 0; position < size; ) {
                ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(BUFFER_BYTES, size - position));
                while (buffer.hasRemaining()) {
                    if (channel.read(buffer) < 0) {
                        throw new IllegalStateException("the body is too short");
                    }
                }
                position += buffer.flip().remaining();
                crc.update(buffer);
            }
        }
        byte[] sum = ByteBuffer.allocate(4).putInt((int) crc.getValue()).array();
        if (!Base64.getEncoder().encodeToString(sum).equals(described.getCrc32c())
                || !sample.isDescribedBy(described.getMetadata().get(METADATA))) {
            throw new IllegalStateException("another object came");
        }
        return size;
    }
}
