// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.terrace.ByteRange;
import io.terrace.Checksum;
import io.terrace.ClientPayloadException;
import io.terrace.ConfigurationException;
import io.terrace.Determinacy;
import io.terrace.ExpirationPolicy;
import io.terrace.GetOptions;
import io.terrace.InvalidPartException;
import io.terrace.ObjectContext;
import io.terrace.ObjectId;
import io.terrace.ObjectInfo;
import io.terrace.ObjectMetadata;
import io.terrace.ObjectUploads;
import io.terrace.PartInfo;
import io.terrace.PartPage;
import io.terrace.Payload;
import io.terrace.PutOptions;
import io.terrace.TerraceException;
import io.terrace.UploadGoneException;
import io.terrace.UploadId;
import io.terrace.UploadedPart;
import io.terrace.spi.RowKind;
import io.terrace.spi.UploadRecord;
import io.terrace.testkit.fault.Fault;
import io.terrace.testkit.fault.FaultPlan;
import io.terrace.testkit.fault.SpiOperation;
import io.terrace.tiered.TieredObjectStore;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** Uploads in parts, in a world where nothing goes wrong. */
class UploadsTest {

    private final Engine engine = new Engine();
    private final ObjectUploads uploads = engine.store.uploads();

    @Test
    void theObjectIsThePartsInTheOrderOfTheirNumbers() {
        UploadId upload = initiate(ObjectMetadata.defaults());
        UploadedPart third = part(upload, 7, "third");
        UploadedPart first = part(upload, 2, "first, ");
        UploadedPart second = part(upload, 3, "second, ");
        engine.finish(uploads.complete(Engine.ID, upload, List.of(first, second, third)));

        assertThat(engine.get()).isEqualTo("first, second, third");
        UploadedParts.assertNothingIsLeft(engine);
    }

    @Test
    void nothingIsVisibleBeforeItIsCompleted() {
        engine.put(Engine.LARGE);
        UploadedParts upload = new UploadedParts(engine);
        assertThat(engine.get()).isEqualTo(Engine.LARGE);
        engine.finish(upload.complete());
        assertThat(engine.get()).isEqualTo(UploadedParts.VALUE);
        UploadedParts.assertNothingIsLeft(engine);
    }

    @Test
    void anUploadReplacesWhateverIsThereAndFreesItsBlob() {
        for (String old : new String[] {null, Engine.SMALL, Engine.LARGE}) {
            Engine world = new Engine();
            if (old != null) {
                world.put(old);
            }
            UploadedParts upload = new UploadedParts(world);
            world.finish(upload.complete());
            assertThat(world.get()).isEqualTo(UploadedParts.VALUE);
            assertThat(world.blobs()).containsExactly(world.head().target());
            assertThat(upload.state()).isEqualTo(UploadRecord.State.COMMITTED);
            UploadedParts.assertNothingIsLeft(world);
        }
    }

    @Test
    void anUploadThatAConditionalWriteOvertookIsOverAndNotCalledCommitted() {
        UploadedParts upload = new UploadedParts(engine);
        TieredObjectStore other = engine.another(builder -> builder);
        engine.faults.follow(call -> {
            if (call.operation() == SpiOperation.ROW_CAS) {
                engine.faults.follow(FaultPlan.none());
                engine.finish(other.put(
                        Engine.ID, ObjectMetadata.defaults(), Payload.ofText("created"), PutOptions.ifAbsent()));
            }
            return Fault.OK;
        });
        assertThatThrownBy(() -> engine.finish(upload.complete()))
                .isInstanceOfSatisfying(TerraceException.class, error -> assertThat(error.determinacy())
                        .isEqualTo(Determinacy.NOT_APPLIED));
        engine.rest();

        assertThat(upload.state()).isEqualTo(UploadRecord.State.DEAD);
        assertThatThrownBy(() -> engine.finish(upload.complete())).isInstanceOf(UploadGoneException.class);
        assertThat(engine.get()).isEqualTo("created");
        UploadedParts.assertNothingIsLeft(engine);
    }

    /** R5.5: found by the simulation. The marker that the complete began with is collected before the upload is aborted. */
    @Test
    void anUploadIsNotCalledCommittedBecauseItsBaseHasVanished() {
        engine.put(Engine.SMALL);
        engine.finish(engine.store.delete(Engine.ID));
        UploadedParts upload = new UploadedParts(engine);
        engine.runtime.advance(Duration.ofHours(23));
        engine.faults.follow(FaultPlan.always(SpiOperation.UPLOAD_COMPLETE, Fault.FAIL_NOT_APPLIED));
        assertThatThrownBy(() -> engine.finish(upload.complete())).isInstanceOf(TerraceException.class);
        assertThat(upload.state()).isEqualTo(UploadRecord.State.COMPLETING);
        engine.faults.follow(FaultPlan.none());
        engine.runtime.advance(Duration.ofHours(3));
        engine.rows.collectMarkers().block();
        assertThat(engine.head().isAbsent()).isTrue();

        engine.finish(upload.abort());
        assertThat(upload.state()).isEqualTo(UploadRecord.State.DEAD);
        assertThat(engine.get()).isNull();
        UploadedParts.assertNothingIsLeft(engine);
    }

    @Test
    void evenAnObjectThatWouldFitIntoARowIsABlob() {
        UploadId upload = initiate(ObjectMetadata.defaults());
        engine.finish(uploads.complete(Engine.ID, upload, List.of(part(upload, 1, "x"))));
        assertThat(engine.get()).isEqualTo("x");
        assertThat(engine.head().kind()).isEqualTo(RowKind.TOMBSTONE);
    }

    @Test
    void theAnswerDescribesTheObjectAsItIsStored() {
        UploadedParts upload = new UploadedParts(
                engine,
                ObjectMetadata.builder()
                        .contentType("image/png")
                        .custom("who", "me")
                        .build());
        engine.runtime.advance(Duration.ofMinutes(10));
        ObjectInfo completed = Objects.requireNonNull(engine.finish(upload.complete()));

        assertThat(completed.size()).isEqualTo(UploadedParts.VALUE.length());
        assertThat(completed.metadata().custom()).containsEntry("who", "me");
        assertThat(completed.metadata().contentType()).isEqualTo("image/png");
        assertThat(completed.metadata().timeCreated()).isEqualTo(engine.runtime.now());
        assertThat(engine.finish(engine.store.head(Engine.ID))).isEqualTo(completed);
    }

    @Test
    void anUploadedObjectIsReadAndOverwrittenAndDeletedLikeAnyOther() {
        UploadedParts upload = new UploadedParts(engine);
        engine.finish(upload.complete());
        assertThat(engine.finish(engine.store.withObject(Engine.ID, GetOptions.range(ByteRange.from(2)), Engine::text)))
                .isEqualTo(UploadedParts.VALUE.substring(2));
        engine.put("small");
        assertThat(engine.blobs()).isEmpty();
        engine.finish(new UploadedParts(engine).complete());
        engine.finish(engine.store.delete(Engine.ID));
        assertThat(engine.get()).isNull();
        UploadedParts.assertNothingIsLeft(engine);
    }

    @Test
    void aPartThatIsUploadedAgainReplacesTheFirstOne() {
        UploadId upload = initiate(ObjectMetadata.defaults());
        UploadedPart before = part(upload, 1, "before");
        UploadedPart after = part(upload, 1, "after");
        assertThatThrownBy(() -> engine.finish(uploads.complete(Engine.ID, upload, List.of(before))))
                .isInstanceOfSatisfying(InvalidPartException.class, error -> assertThat(error.reason())
                        .isEqualTo(InvalidPartException.Reason.ETAG_MISMATCH));
        engine.finish(uploads.complete(Engine.ID, upload, List.of(after)));
        assertThat(engine.get()).isEqualTo("after");
    }

    @Test
    void partsAreListedByPage() {
        UploadedParts upload = new UploadedParts(engine);
        PartPage first = Objects.requireNonNull(engine.finish(uploads.listParts(Engine.ID, upload.id, 0, 2)));
        assertThat(first.parts()).extracting(PartInfo::number).containsExactly(1, 2);
        PartPage second = Objects.requireNonNull(engine.finish(
                uploads.listParts(Engine.ID, upload.id, first.nextMarker().orElseThrow(), 2)));
        assertThat(second.parts()).extracting(PartInfo::number).containsExactly(3);
        assertThat(second.more()).isFalse();
        assertThat(first.parts().get(0).uploaded()).isEqualTo(upload.parts.get(0));
        assertThatThrownBy(() -> uploads.listParts(Engine.ID, upload.id, 0, 0))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aPartWithAnotherChecksumThanAnnouncedIsRefused() {
        UploadId upload = initiate(ObjectMetadata.defaults());
        Checksum wrong = new Checksum(Checksum.Algorithm.CRC32C, "AAAAAA==");
        assertThatThrownBy(() ->
                        engine.finish(uploads.uploadPart(Engine.ID, upload, 1, Payload.ofText("something"), wrong)))
                .isInstanceOf(ClientPayloadException.class);
        assertThat(Objects.requireNonNull(engine.finish(uploads.listParts(Engine.ID, upload, 0, 10)))
                        .parts())
                .isEmpty();
    }

    @Test
    void aWrongListOfPartsLeavesTheUploadAsItWas() {
        UploadedParts upload = new UploadedParts(engine);
        List<UploadedPart> wrong = List.of(upload.parts.get(0), new UploadedPart(9, "none"));
        assertThatThrownBy(() -> engine.finish(uploads.complete(Engine.ID, upload.id, wrong)))
                .isInstanceOfSatisfying(InvalidPartException.class, error -> assertThat(error.partNumber())
                        .isEqualTo(9));
        assertThatThrownBy(() -> engine.finish(uploads.complete(Engine.ID, upload.id, List.of())))
                .isInstanceOf(InvalidPartException.class);
        assertThat(upload.state()).isEqualTo(UploadRecord.State.OPEN);
        assertThat(engine.get()).isNull();
        engine.finish(upload.complete());
        assertThat(engine.get()).isEqualTo(UploadedParts.VALUE);
        UploadedParts.assertNothingIsLeft(engine);
    }

    @Test
    void aRepeatedCompleteAnswersTheSame() {
        UploadedParts upload = new UploadedParts(engine);
        ObjectInfo first = engine.finish(upload.complete());
        engine.runtime.advance(Duration.ofHours(1));
        assertThat(engine.finish(upload.complete(engine.another(builder -> builder))))
                .isEqualTo(first);
        assertThat(engine.finish(engine.store.head(Engine.ID))).isEqualTo(first);
    }

    @Test
    void anAbortedUploadLeavesNothingAndTakesNothing() {
        engine.put(Engine.LARGE);
        UploadedParts upload = new UploadedParts(engine);
        engine.finish(upload.abort());
        engine.finish(upload.abort());

        assertThat(UploadedParts.sessions(engine)).isEmpty();
        assertThat(engine.get()).isEqualTo(Engine.LARGE);
        for (Mono<?> call : List.of(
                upload.complete(),
                uploads.listParts(Engine.ID, upload.id, 0, 1),
                uploads.uploadPart(Engine.ID, upload.id, 1, Payload.ofText("late")))) {
            assertThatThrownBy(() -> engine.finish(call))
                    .isInstanceOf(UploadGoneException.class)
                    .hasMessageContaining("aborted");
        }
        UploadedParts.assertNothingIsLeft(engine);
    }

    @Test
    void aCompletedUploadIsNotAborted() {
        UploadedParts upload = new UploadedParts(engine);
        engine.finish(upload.complete());
        assertThatThrownBy(() -> engine.finish(upload.abort()))
                .isInstanceOf(UploadGoneException.class)
                .hasMessageContaining("completed");
        assertThatThrownBy(() -> engine.finish(uploads.listParts(Engine.ID, upload.id, 0, 1)))
                .isInstanceOf(UploadGoneException.class)
                .hasMessageContaining("completed");
        assertThat(engine.get()).isEqualTo(UploadedParts.VALUE);
    }

    @Test
    void aLifetimeCountsFromTheCompletion() {
        UploadedParts upload = new UploadedParts(
                engine,
                ObjectMetadata.builder()
                        .expiration(ExpirationPolicy.timeToLive(Duration.ofHours(1)))
                        .build());
        engine.runtime.advance(Duration.ofHours(3));
        ObjectInfo completed = Objects.requireNonNull(engine.finish(upload.complete()));
        assertThat(completed.metadata().timeExpires())
                .isEqualTo(engine.runtime.now().plus(Duration.ofHours(1)));
        assertThat(engine.get()).isEqualTo(UploadedParts.VALUE);
        engine.runtime.advance(Duration.ofHours(1).plusSeconds(1));
        assertThat(engine.get()).isNull();
    }

    @Test
    void idsAreDifferentOpaqueAndNeverPrinted() {
        UploadId one = initiate(ObjectMetadata.defaults());
        UploadId two = initiate(ObjectMetadata.defaults());
        assertThat(one).isNotEqualTo(two);
        assertThat(one.text()).hasSize(43).matches("[A-Za-z0-9_-]+");
        assertThat(one.toString()).doesNotContain(one.text());
        assertThat(UploadedParts.records(engine).toString()).doesNotContain(one.text());
    }

    @Test
    void anIdOfAnotherObjectOrAMangledOneTouchesNothing() {
        UploadedParts upload = new UploadedParts(engine);
        ObjectId other = ObjectId.of(ObjectContext.of("tests"), "other");
        engine.traffic.reset();
        assertGone(other, upload.id);
        String text = upload.id.text();
        for (int i = 0; i < text.length(); i++) {
            char changed = text.charAt(i) == 'A' ? 'B' : 'A';
            assertGone(Engine.ID, new UploadId(text.substring(0, i) + changed + text.substring(i + 1)));
        }
        for (String mangled : List.of("", "x", "../" + text, text + "A", text.substring(1), text + "=", " " + text)) {
            assertGone(Engine.ID, new UploadId(mangled));
        }
        assertThat(engine.traffic.operations()).containsOnly(SpiOperation.RECORD_GET, SpiOperation.ROW_READ);
        engine.finish(upload.complete());
        assertThat(engine.get()).isEqualTo(UploadedParts.VALUE);
    }

    @Test
    void theWindowMustFitIntoTheMarkerRetention() {
        assertThatThrownBy(() -> new Engine(builder -> builder.uploadWindow(Duration.ofHours(25))))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("upload window of PT25H")
                .hasMessageContaining("lower 'upload-window'");
        assertThatThrownBy(() -> new Engine(builder -> builder.uploadWindow(Duration.ZERO)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("option 'upload-window' is '0ms'");
        new Engine(builder -> builder.uploadWindow(Duration.ofHours(1)));
    }

    private void assertGone(ObjectId object, UploadId upload) {
        for (Mono<?> call : List.of(
                uploads.complete(object, upload, List.of(new UploadedPart(1, "etag"))),
                uploads.abort(object, upload),
                uploads.listParts(object, upload, 0, 1),
                uploads.uploadPart(object, upload, 1, Payload.ofText("not mine")))) {
            assertThatThrownBy(() -> engine.finish(call))
                    .isInstanceOf(UploadGoneException.class)
                    .hasMessageContaining("no upload of that id");
        }
    }

    private UploadId initiate(ObjectMetadata metadata) {
        return Objects.requireNonNull(engine.finish(uploads.initiate(Engine.ID, metadata)));
    }

    private UploadedPart part(UploadId upload, int number, String text) {
        return Objects.requireNonNull(
                engine.finish(uploads.uploadPart(Engine.ID, upload, number, Payload.ofText(text))));
    }
}
