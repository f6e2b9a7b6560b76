// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.Payload;
import io.terrace.spi.BlobId;
import io.terrace.spi.BlobInfo;

/** LT-4 and LT-5: describing and deleting a blob. */
abstract class BlobHeadAndDeleteRules {

    private final Blobs blobs;

    BlobHeadAndDeleteRules(LongTermConformanceTest kit) {
        this.blobs = kit.blobs();
    }

    @Rule("LT-4.1")
    void theHeadOfAnAbsentBlobIsAnEmptyAnswer() {
        assertThat(Await.optional(blobs.backend().head(blobs.fresh()))).isEmpty();
    }

    @Rule("LT-4.2")
    void theHeadSaysWhatThePutAnswered() {
        BlobId id = blobs.fresh();
        BlobInfo answered = blobs.put(id, Payload.of(Bytes.of(1234)));

        assertThat(Await.value(blobs.backend().head(id))).isEqualTo(answered);
        assertThat(answered).isEqualTo(new BlobInfo(id, 1234, Samples.metadata("blob")));
    }

    @Rule("LT-5.1")
    void aDeletedBlobIsGoneWhenAnswered() {
        BlobId id = blobs.installed(10);
        Await.done(blobs.backend().delete(id));

        blobs.assertInvisible(id);
    }

    @Rule(value = "LT-5.2", requirement = Requirement.STOCHASTIC)
    void deletingWhatIsNotThereIsSuccess() {
        BlobId id = blobs.fresh();
        Await.done(blobs.backend().delete(id));
        blobs.put(id, Payload.of(Bytes.of(10)));
        Await.done(blobs.backend().delete(id));
        Await.done(blobs.backend().delete(id));
        Race.of(4, racer -> {
            Await.done(blobs.backend().delete(id));
            return racer;
        });

        blobs.assertAbsent(id);
    }

    @Rule("LT-5.3")
    void otherBlobsStayThoseOfTheSameObjectIncluded() {
        BlobId deleted = blobs.installed(10);
        BlobId sibling = new BlobId(deleted.object(), Blobs.of("any").uuid());
        blobs.put(sibling, Payload.of(Bytes.of(11)));
        BlobId below = new BlobId(
                Samples.object(deleted.object().key() + "/" + deleted.uuid()),
                Blobs.of("any").uuid());
        blobs.put(below, Payload.of(Bytes.of(12)));
        Await.done(blobs.backend().delete(deleted));

        blobs.assertAbsent(deleted);
        assertThat(blobs.read(sibling)).isEqualTo(Bytes.of(11));
        assertThat(blobs.read(below)).isEqualTo(Bytes.of(12));
    }
}
