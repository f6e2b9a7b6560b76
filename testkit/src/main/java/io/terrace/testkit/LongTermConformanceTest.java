// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit;

import io.terrace.Payload;
import io.terrace.spi.BackendRole;
import io.terrace.spi.BlobId;
import io.terrace.spi.BlobListing;
import io.terrace.spi.CommitGate;
import io.terrace.spi.LongTermBackend;
import io.terrace.spi.MultiBlobDeletes;
import io.terrace.spi.MultipartUploads;
import io.terrace.spi.UploadSession;
import io.terrace.spi.UploadSessionListing;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Nested;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

/**
 * What a {@link LongTermBackend} must do. Extend it and say where the backend comes from, as
 * {@link HighVolumeConformanceTest} shows. The rules are written down in {@code docs/spec/long-term.md} and
 * {@code docs/spec/backend.md}, those of uploads in parts in {@code docs/spec/multipart.md}.
 */
public abstract class LongTermConformanceTest extends BackendConformanceTest<LongTermBackend> {

    private final Blobs blobs = new Blobs(this::backend);
    private final Parts parts = new Parts(this);

    /**
     * How many bytes of a body the backend may have asked for beyond what the store has taken (LT-1.4): one part. 16 MiB by
     * default.
     */
    protected long partBytes() {
        return 16L << 20;
    }

    Blobs blobs() {
        return blobs;
    }

    Parts parts() {
        return parts;
    }

    @Override
    String role() {
        return BackendRole.LONG_TERM.label();
    }

    @Override
    List<Class<?>> facets() {
        return List.of(BlobListing.class, MultiBlobDeletes.class, MultipartUploads.class, UploadSessionListing.class);
    }

    @Override
    Map<String, Supplier<Publisher<?>>> operations() {
        LongTermBackend backend = backend();
        BlobId id = Blobs.of("operations");
        Map<String, Supplier<Publisher<?>>> calls = new LinkedHashMap<>();
        calls.put("put", () -> backend.put(id, Samples.metadata("v"), Payload.ofText("v"), CommitGate.OPEN));
        calls.put("get", () -> backend.get(id, null).flatMapMany(content -> content.body()));
        calls.put("head", () -> backend.head(id));
        calls.put("delete", () -> backend.delete(id));
        backend.facet(BlobListing.class).ifPresent(listing -> calls.put("list", () -> listing.list("")));
        backend.facet(MultiBlobDeletes.class)
                .ifPresent(deletes -> calls.put("deleteAll", () -> deletes.deleteAll(List.of(id))));
        backend.facet(MultipartUploads.class).ifPresent(uploads -> {
            Mono<UploadSession> start = uploads.start(Blobs.of("operations"), Samples.metadata("v"));
            calls.put("start", () -> start);
            calls.put(
                    "uploadPart",
                    () -> start.flatMap(session -> uploads.uploadPart(session, 1, Payload.ofText("v"), null)));
            calls.put("listParts", () -> start.flatMap(session -> uploads.listParts(session, 0, 1)));
            calls.put(
                    "complete",
                    () -> start.flatMap(session -> uploads.uploadPart(session, 1, Payload.ofText("v"), null)
                            .flatMap(part -> uploads.complete(session, List.of(part)))));
            calls.put("abort", () -> start.flatMap(uploads::abort));
        });
        backend.facet(UploadSessionListing.class)
                .ifPresent(listing -> calls.put("sessions", () -> listing.sessions("")));
        return calls;
    }

    @Nested
    class EveryCall extends BlobCallRules {
        EveryCall() {
            super(LongTermConformanceTest.this);
        }
    }

    @Nested
    class Putting extends BlobPutRules {
        Putting() {
            super(LongTermConformanceTest.this);
        }
    }

    @Nested
    class PuttingInPart extends BrokenPutRules {
        PuttingInPart() {
            super(LongTermConformanceTest.this);
        }
    }

    @Nested
    class Gating extends CommitGateRules {
        Gating() {
            super(LongTermConformanceTest.this);
        }
    }

    @Nested
    class Getting extends BlobGetRules {
        Getting() {
            super(LongTermConformanceTest.this);
        }
    }

    @Nested
    class ReadingBodies extends BlobBodyRules {
        ReadingBodies() {
            super(LongTermConformanceTest.this);
        }
    }

    @Nested
    class HeadsAndDeletes extends BlobHeadAndDeleteRules {
        HeadsAndDeletes() {
            super(LongTermConformanceTest.this);
        }
    }

    @Nested
    class DeletingMany extends MultiBlobDeleteRules {
        DeletingMany() {
            super(LongTermConformanceTest.this);
        }
    }

    @Nested
    class Listing extends BlobListingRules {
        Listing() {
            super(LongTermConformanceTest.this);
        }
    }

    @Nested
    class UploadCalls extends UploadCallRules {
        UploadCalls() {
            super(LongTermConformanceTest.this);
        }
    }

    @Nested
    class UploadingParts extends PartRules {
        UploadingParts() {
            super(LongTermConformanceTest.this);
        }
    }

    @Nested
    class ListingParts extends PartListRules {
        ListingParts() {
            super(LongTermConformanceTest.this);
        }
    }

    @Nested
    class Completing extends CompleteRules {
        Completing() {
            super(LongTermConformanceTest.this);
        }
    }

    @Nested
    class Sessions extends SessionRules {
        Sessions() {
            super(LongTermConformanceTest.this);
        }
    }
}
