// SPDX-License-Identifier: Apache-2.0
package io.terrace.s3;

import java.net.URI;
import java.util.List;
import java.util.UUID;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobStore;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;

/**
 * S3Proxy in this process, with everything in memory and with conditional writes made atomic. {@link #shared} is started by
 * the first test that asks, and lives as long as the process.
 */
public final class EmbeddedS3 implements TestServer, AutoCloseable {

    private static final class Shared {
        static final EmbeddedS3 SERVER = start();
    }

    private final S3Proxy proxy;
    private final BlobStore store;
    private final String secret = UUID.randomUUID().toString();

    private EmbeddedS3(BlobStore store) {
        this.store = store;
        this.proxy = S3Proxy.builder()
                .blobStore(store)
                .endpoint(URI.create("http://127.0.0.1:0"))
                .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, accessKeyId(), secret)
                .build();
        try {
            proxy.start();
        } catch (Exception e) {
            throw new IllegalStateException("S3Proxy does not start", e);
        }
    }

    /** The one of this process. */
    public static EmbeddedS3 shared() {
        return Shared.SERVER;
    }

    /** One of the caller's own. */
    public static EmbeddedS3 start() {
        return on(new AtomicBlobStore(new FlatNames(new TransientNio2BlobStore())));
    }

    static EmbeddedS3 on(BlobStore store) {
        return new EmbeddedS3(store);
    }

    @Override
    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + proxy.getPort());
    }

    public String accessKeyId() {
        return "terrace-tests";
    }

    public String secretAccessKey() {
        return secret;
    }

    @Override
    public AwsBasicCredentials credentials() {
        return AwsBasicCredentials.create(accessKeyId(), secretAccessKey());
    }

    @Override
    public String createBucket() {
        String bucket = "terrace-" + UUID.randomUUID();
        store.createContainer(bucket);
        return bucket;
    }

    @Override
    public List<String> uploads(String bucket) {
        return store.listMultipartUploads(bucket).stream()
                .map(upload -> upload.key())
                .toList();
    }

    @Override
    public void deleteBucket(String bucket) {
        store.deleteContainer(bucket);
    }

    @Override
    public void close() {
        try {
            proxy.stop();
        } catch (Exception e) {
            throw new IllegalStateException("S3Proxy does not stop", e);
        }
    }
}
