// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.Determinacy;
import io.terrace.ObjectContext;
import io.terrace.ObjectId;
import io.terrace.ObjectMetadata;
import io.terrace.ObjectUploads;
import io.terrace.Payload;
import io.terrace.UnsupportedException;
import io.terrace.UploadId;
import io.terrace.inmemory.InMemoryBlobs;
import io.terrace.inmemory.InMemoryChangeLog;
import io.terrace.inmemory.InMemoryRows;
import io.terrace.spi.Backend;
import io.terrace.spi.HighVolumeBackend;
import io.terrace.spi.LongTermBackend;
import io.terrace.testkit.runtime.ManualRuntime;
import io.terrace.tiered.InspectionDepth;
import io.terrace.tiered.TieredObjectStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import reactor.test.StepVerifier;

/** What needs an ability that a tier lacks says so through its publisher, and nothing else needs it. */
class AbsentAbilitiesTest {

    private final ManualRuntime runtime = new ManualRuntime(1);

    @Test
    void scanNeedsRowsThatCanBeListed() {
        TieredObjectStore lacking = store(without(HighVolumeBackend.class, rows()), InMemoryBlobs.create());

        assertUnsupported(lacking.scan(""), "RowListing", "scan");
        StepVerifier.create(store(rows(), InMemoryBlobs.create()).scan("")).verifyComplete();
    }

    @Test
    void sweepNeedsBlobsThatCanBeListed() {
        TieredObjectStore lacking = store(rows(), without(LongTermBackend.class, InMemoryBlobs.create()));

        assertUnsupported(lacking.sweep(), "BlobListing", "sweep");
        StepVerifier.create(store(rows(), InMemoryBlobs.create()).sweep())
                .expectNextCount(1)
                .verifyComplete();
    }

    @Test
    void inspectNeedsBoth() {
        for (InspectionDepth depth : InspectionDepth.values()) {
            assertUnsupported(
                    store(without(HighVolumeBackend.class, rows()), InMemoryBlobs.create())
                            .inspect(depth),
                    "RowListing",
                    "inspect");
            assertUnsupported(
                    store(rows(), without(LongTermBackend.class, InMemoryBlobs.create()))
                            .inspect(depth),
                    "BlobListing",
                    "inspect");
        }
    }

    @Test
    void uploadsNeedBlobsThatComeInParts() {
        ObjectUploads uploads = store(rows(), without(LongTermBackend.class, InMemoryBlobs.create()))
                .uploads();
        ObjectId id = ObjectId.of(ObjectContext.of("tests"), "object");
        UploadId upload = new UploadId("any");

        assertUnsupported(uploads.initiate(id, ObjectMetadata.defaults()), "MultipartUploads", "initiate");
        assertUnsupported(uploads.uploadPart(id, upload, 1, Payload.ofText("part")), "MultipartUploads", "uploadPart");
        assertUnsupported(uploads.listParts(id, upload, 0, 1), "MultipartUploads", "listParts");
        assertUnsupported(uploads.complete(id, upload, List.of()), "MultipartUploads", "complete");
        assertUnsupported(uploads.abort(id, upload), "MultipartUploads", "abort");
    }

    private static void assertUnsupported(Publisher<?> call, String facet, String operation) {
        StepVerifier.create(call).verifyErrorSatisfies(error -> assertThat(error)
                .isInstanceOfSatisfying(UnsupportedException.class, unsupported -> assertThat(unsupported.determinacy())
                        .isEqualTo(Determinacy.NOT_APPLIED))
                .hasMessageContaining("inmemory")
                .hasMessageContaining(facet)
                .hasMessageContaining("'" + operation + "'"));
    }

    private InMemoryRows rows() {
        return InMemoryRows.create(runtime);
    }

    private TieredObjectStore store(HighVolumeBackend rows, LongTermBackend blobs) {
        return TieredObjectStore.builder()
                .highVolume(rows)
                .longTerm(blobs)
                .changeLog(InMemoryChangeLog.create())
                .runtime(runtime)
                .build();
    }

    /** The same backend with its role alone. */
    private static <B extends Backend> B without(Class<B> role, B backend) {
        return role.cast(Proxy.newProxyInstance(role.getClassLoader(), new Class<?>[] {role}, (proxy, method, args) -> {
            if (method.getName().equals("facet")) {
                return Optional.empty();
            }
            try {
                return method.invoke(backend, args);
            } catch (InvocationTargetException thrown) {
                throw thrown.getCause();
            }
        }));
    }
}
