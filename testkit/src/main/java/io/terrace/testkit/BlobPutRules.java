// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.ObjectMetadata;
import io.terrace.Payload;
import io.terrace.spi.BlobContent;
import io.terrace.spi.BlobId;
import io.terrace.spi.BlobInfo;
import io.terrace.spi.CommitGate;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Flux;

/** LT-2: uploading a blob. */
abstract class BlobPutRules {

    private static final int MIB = 1 << 20;

    private final Blobs blobs;

    BlobPutRules(LongTermConformanceTest kit) {
        this.blobs = kit.blobs();
    }

    @Rule("LT-2.1")
    void bodiesOfEverySizeComeBackUnchanged() {
        for (int size :
                List.of(0, 1, 2, 65_535, 65_537, MIB - 1, MIB, MIB + 1, 5 * MIB - 1, 5 * MIB, 5 * MIB + 1, 8 * MIB)) {
            BlobId id = blobs.fresh();
            ByteBuffer bytes = Bytes.of(size);

            assertThat(blobs.put(id, Payload.of(bytes)).size()).isEqualTo(size);
            assertThat(blobs.read(id)).as("%s bytes", size).isEqualTo(bytes);
        }
    }

    @Rule("LT-2.2")
    void bodiesOfUnknownLengthComeBackUnchanged() {
        for (int size : List.of(0, 1, MIB, 6 * MIB + 1)) {
            BlobId id = blobs.fresh();
            ByteBuffer bytes = Bytes.of(size);

            assertThat(blobs.put(id, Blobs.stream(Bytes.cut(bytes, 50_000))).size())
                    .isEqualTo(size);
            assertThat(blobs.read(id)).as("%s bytes", size).isEqualTo(bytes);
        }
    }

    @Rule("LT-2.3")
    void buffersOfEveryShapeAreTakenFromPositionToLimit() {
        ByteBuffer bytes = Bytes.of(20_000);
        List<ByteBuffer> pieces = new ArrayList<>();
        pieces.add(ByteBuffer.allocate(0));
        pieces.addAll(Bytes.cut(Bytes.slice(bytes, 0, 100), 1));
        pieces.add(ByteBuffer.allocate(0));
        pieces.add(Bytes.slice(bytes, 100, 9_900).asReadOnlyBuffer());
        ByteBuffer direct = ByteBuffer.allocateDirect(5_100).position(50);
        pieces.add(direct.put(Bytes.slice(bytes, 10_000, 5_000)).flip().position(50));
        pieces.add(bytes.duplicate().position(15_000).limit(20_000));
        pieces.add(ByteBuffer.allocate(0));
        for (Payload body : List.of(Blobs.stream(pieces), Blobs.stream(pieces).contentLength(20_000))) {
            BlobId id = blobs.fresh();
            blobs.put(id, body);

            assertThat(blobs.read(id)).isEqualTo(bytes);
        }
    }

    @Rule("LT-2.4")
    void metadataComesBackCompleteFromEveryCallOrNotAtAllIfThereIsMuch() {
        for (ObjectMetadata metadata :
                List.of(ObjectMetadata.defaults(), Samples.metadata("tag"), Samples.largeMetadata())) {
            BlobId id = blobs.fresh();
            Await.done(blobs.backend().put(id, metadata, Payload.of(Bytes.of(5)), CommitGate.OPEN));
            BlobContent content = blobs.open(id, null);
            Await.done(content.discard());

            boolean mayBeLeftOut = metadata.toJson().length > 1024;
            for (BlobInfo info :
                    List.of(content.info(), Await.value(blobs.backend().head(id)))) {
                if (info.metadata() != null || !mayBeLeftOut) {
                    assertThat(info).isEqualTo(new BlobInfo(id, 5, metadata));
                }
            }
        }
    }

    @Rule("LT-2.5")
    void aBlobThatIsThereAlreadyIsOursAndSuccess() {
        BlobId id = blobs.installed(100);

        assertThat(blobs.put(id, Payload.of(Bytes.of(100))).id()).isEqualTo(id);
        assertThat(blobs.read(id)).isEqualTo(Bytes.of(100));
    }

    @Rule("LT-2.6")
    void aBodyIsSubscribedToAtMostOnce() {
        AtomicInteger subscribed = new AtomicInteger();
        BlobId id = blobs.fresh();
        blobs.put(
                id,
                Payload.from(Flux.fromIterable(Bytes.cut(Bytes.of(100_000), 10_000))
                        .doOnSubscribe(s -> subscribed.incrementAndGet())));

        assertThat(subscribed).hasValue(1);
        assertThat(blobs.read(id)).isEqualTo(Bytes.of(100_000));
    }

    @Rule(value = "LT-2.7", requirement = Requirement.STOCHASTIC)
    void uploadsAtTheSameTimeDoNotMix() {
        List<BlobId> ids = Race.of(Race.RACERS, racer -> {
            BlobId id = blobs.fresh();
            blobs.put(id, Blobs.stream(Bytes.cut(Bytes.of(100_000 + racer), 7_000)));
            return id;
        });

        for (int i = 0; i < ids.size(); i++) {
            assertThat(blobs.read(ids.get(i))).isEqualTo(Bytes.of(100_000 + i));
        }
    }
}
