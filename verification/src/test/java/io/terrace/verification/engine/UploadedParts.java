// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.ObjectInfo;
import io.terrace.ObjectMetadata;
import io.terrace.ObjectUploads;
import io.terrace.Payload;
import io.terrace.UploadId;
import io.terrace.UploadedPart;
import io.terrace.spi.RowKind;
import io.terrace.spi.ScanScope;
import io.terrace.spi.UploadRecord;
import io.terrace.spi.UploadSession;
import io.terrace.spi.UploadSessionListing;
import io.terrace.testkit.fault.FaultPlan;
import io.terrace.tiered.TieredObjectStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import reactor.core.publisher.Mono;

/** An upload of the engine's one object, with its parts stored, and what can be done with it next. */
final class UploadedParts {

    static final String VALUE = "a value that came in parts";

    final Engine engine;
    final UploadId id;
    final List<UploadedPart> parts;

    UploadedParts(Engine engine) {
        this(engine, ObjectMetadata.defaults());
    }

    UploadedParts(Engine engine, ObjectMetadata metadata) {
        this.engine = engine;
        ObjectUploads uploads = engine.store.uploads();
        this.id = Objects.requireNonNull(engine.finish(uploads.initiate(Engine.ID, metadata)));
        List<UploadedPart> stored = new ArrayList<>();
        String[] pieces = {VALUE.substring(0, 5), VALUE.substring(5, 11), VALUE.substring(11)};
        for (int i = 0; i < pieces.length; i++) {
            stored.add(engine.finish(uploads.uploadPart(Engine.ID, id, i + 1, Payload.ofText(pieces[i]))));
        }
        this.parts = List.copyOf(stored);
    }

    Mono<ObjectInfo> complete() {
        return complete(engine.store);
    }

    Mono<ObjectInfo> complete(TieredObjectStore store) {
        return store.uploads().complete(Engine.ID, id, parts);
    }

    Mono<Void> abort() {
        return engine.store.uploads().abort(Engine.ID, id);
    }

    UploadRecord.State state() {
        List<UploadRecord> all = records(engine);
        assertThat(all).hasSize(1);
        return all.get(0).state();
    }

    static List<UploadRecord> records(Engine engine) {
        return Objects.requireNonNull(engine.log
                .uploads()
                .scan(ScanScope.ALL, Long.MAX_VALUE)
                .collectList()
                .block());
    }

    static List<UploadSession> sessions(Engine engine) {
        return Objects.requireNonNull(engine.blobs
                .facet(UploadSessionListing.class)
                .orElseThrow()
                .sessions("")
                .collectList()
                .block());
    }

    /** Once nothing is under way, every blob is the target of its row; after the window no trace of an upload is left. */
    static void assertNothingIsLeft(Engine engine) {
        engine.faults.follow(FaultPlan.none());
        engine.rest();
        TieredObjectStore janitor = engine.another(builder -> builder);
        for (int pass = 0; pass < 2; pass++) {
            engine.runtime.advance(Duration.ofHours(24).plusMinutes(1));
            engine.finish(janitor.recover());
            engine.finish(janitor.sweep());
        }
        assertThat(engine.entries()).as("entries").isEmpty();
        assertThat(records(engine)).as("records").isEmpty();
        assertThat(sessions(engine)).as("sessions").isEmpty();
        if (engine.head().kind() == RowKind.TOMBSTONE) {
            assertThat(engine.blobs()).as("blobs").containsExactly(engine.head().target());
        } else {
            assertThat(engine.blobs()).as("blobs").isEmpty();
        }
    }
}
