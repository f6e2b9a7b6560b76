// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.Checksum;
import io.terrace.ClientPayloadException;
import io.terrace.InvalidPartException;
import io.terrace.InvalidPartException.Reason;
import io.terrace.PartInfo;
import io.terrace.Payload;
import io.terrace.UploadedPart;
import io.terrace.spi.BlobId;
import io.terrace.spi.PartDigest;
import io.terrace.spi.UploadSession;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** MU-2 and MU-3: starting an upload, and storing a part. */
abstract class PartRules {

    private static final int CHUNK = 40_000;

    private final Parts parts;

    PartRules(LongTermConformanceTest kit) {
        this.parts = kit.parts();
    }

    @Rule(value = "MU-2.1", requirement = Requirement.CAPABILITY)
    void everySessionHasPartsOfItsOwn() {
        BlobId id = parts.blobs().fresh();
        UploadSession first = parts.started(id);
        UploadSession second = parts.started(id);
        UploadedPart part = parts.uploaded(first, 1, parts.bytes(1));

        assertThat(first.blob()).isEqualTo(second.blob()).isEqualTo(id);
        assertThat(first).isNotEqualTo(second);
        assertThat(parts.listed(second)).isEmpty();
        parts.abort(second);
        assertThat(parts.listed(first)).extracting(PartInfo::uploaded).containsExactly(part);
    }

    @Rule(value = "MU-3.1", requirement = Requirement.CAPABILITY)
    void partsOfEverySizeComeBackUnchanged() {
        for (int size : List.of(0, 1, 65_537, 5 << 20)) {
            ByteBuffer bytes = Bytes.of(size);
            for (Payload body : List.of(Payload.of(bytes), Blobs.stream(Bytes.cut(bytes, CHUNK)))) {
                UploadSession session = parts.started();
                UploadedPart part = Await.value(parts.upload(session, 2, body));

                assertThat(part.number()).isEqualTo(2);
                assertThat(parts.completed(session, part).size()).isEqualTo(size);
                assertThat(parts.blobs().read(session.blob())).isEqualTo(bytes);
            }
        }
    }

    @Rule(value = "MU-3.2", requirement = Requirement.CAPABILITY)
    void otherBytesHaveAnotherETag() {
        UploadSession session = parts.started();
        ByteBuffer bytes = Bytes.of(1000);
        ByteBuffer other = Bytes.copy(bytes);
        other.put(500, (byte) ~other.get(500));
        UploadedPart before = parts.uploaded(session, 1, bytes);
        UploadedPart after = parts.uploaded(session, 1, other);

        assertThat(after.etag()).isNotEqualTo(before.etag());
    }

    @Rule(value = "MU-3.3", requirement = Requirement.CAPABILITY)
    void aPartReplacesTheOneOfTheSameNumber() {
        UploadSession session = parts.started();
        parts.uploaded(session, 1, parts.bytes(10));
        UploadedPart after = parts.uploaded(session, 1, parts.bytes(20));

        assertThat(parts.listed(session)).extracting(PartInfo::uploaded).containsExactly(after);
        parts.completed(session, after);
        assertThat(parts.blobs().read(session.blob())).isEqualTo(parts.bytes(20));
    }

    @Rule(value = "MU-3.4", requirement = Requirement.CAPABILITY)
    void aBodyThatIsNotWholeIsTheClientsFaultAndLeavesTheOldPart() {
        UploadSession session = parts.started();
        UploadedPart old = parts.uploaded(session, 1, parts.bytes(100));
        RuntimeException failure = new IllegalStateException("the source has failed");
        List<ByteBuffer> pieces = Bytes.cut(Bytes.of(3 * CHUNK), CHUNK);
        for (Payload body : List.of(
                Blobs.stream(pieces).contentLength(3 * CHUNK + 1),
                Blobs.stream(pieces).contentLength(3 * CHUNK - 1),
                Payload.from(Flux.fromIterable(pieces).concatWith(Mono.error(failure))))) {
            assertThat(Await.error(parts.upload(session, 1, body))).isInstanceOf(ClientPayloadException.class);
            Await.error(parts.upload(session, 2, body));

            Await.remains(() -> assertThat(parts.listed(session))
                    .extracting(PartInfo::uploaded)
                    .containsExactly(old));
        }
    }

    @Rule(value = "MU-3.5", requirement = Requirement.CAPABILITY)
    void aPartThatIsCancelledCancelsTheBodyAndLeavesTheOldPart() {
        UploadSession session = parts.started();
        UploadedPart old = parts.uploaded(session, 1, parts.bytes(100));
        CountDownLatch sent = new CountDownLatch(4);
        AtomicBoolean cancelled = new AtomicBoolean();
        Flux<ByteBuffer> body = Flux.fromIterable(Bytes.cut(Bytes.of(3 * CHUNK), CHUNK))
                .doOnNext(piece -> sent.countDown())
                .concatWith(Flux.never())
                .doOnSubscribe(s -> sent.countDown())
                .doOnCancel(() -> cancelled.set(true));
        Disposable upload = parts.upload(session, 1, Payload.from(body)).subscribe();
        Await.until("the body is read to where it hangs", () -> sent.getCount() == 0);
        upload.dispose();

        Await.until("the body is cancelled", cancelled::get);
        Await.remains(() ->
                assertThat(parts.listed(session)).extracting(PartInfo::uploaded).containsExactly(old));
    }

    @Rule(value = "MU-3.6", requirement = Requirement.CAPABILITY)
    void bytesOfAnotherChecksumAreTheClientsFaultAndNotStored() {
        UploadSession session = parts.started();
        ByteBuffer bytes = Bytes.of(100_000);
        for (Checksum right : List.of(crcOf(bytes), md5Of(bytes))) {
            Await.done(parts.facet().uploadPart(session, 1, Payload.of(bytes), right));
        }
        for (Checksum wrong : List.of(crcOf(Bytes.of(9)), md5Of(Bytes.of(9)))) {
            assertThat(Await.error(parts.facet().uploadPart(session, 2, Payload.of(bytes), wrong)))
                    .isInstanceOf(ClientPayloadException.class);
        }

        assertThat(parts.listed(session)).extracting(PartInfo::number).containsExactly(1);
    }

    @Rule(value = "MU-3.7", requirement = Requirement.CAPABILITY)
    void aNumberOutOfRangeIsRefusedBeforeTheBodyIsTouched() {
        UploadSession session = parts.started();
        int highest = parts.limits().maxPartNumber();
        AtomicInteger subscribed = new AtomicInteger();
        Payload body = Payload.from(Flux.just(parts.bytes(1)).doOnSubscribe(s -> subscribed.incrementAndGet()));
        for (int number : List.of(-1, 0, highest + 1)) {
            assertThat(Await.error(parts.upload(session, number, body)))
                    .isInstanceOfSatisfying(InvalidPartException.class, error -> {
                        assertThat(error.reason()).isEqualTo(Reason.NUMBER_OUT_OF_RANGE);
                        assertThat(error.partNumber()).isEqualTo(number);
                    });
        }

        assertThat(subscribed).hasValue(0);
        parts.completed(session, parts.uploaded(session, highest, parts.bytes(1)));
    }

    @Rule(value = "MU-3.8", requirement = Requirement.CAPABILITY)
    void partsThatAreUploadedAtTheSameTimeDoNotMix() {
        UploadSession session = parts.started();
        List<UploadedPart> uploaded = new ArrayList<>(Race.of(
                Race.RACERS,
                racer -> Await.value(parts.upload(
                        session, racer + 1, Blobs.stream(Bytes.cut(parts.bytes(100_000 + racer), 10_000))))));
        uploaded.sort(Comparator.comparing(UploadedPart::number));
        List<ByteBuffer> expected = new ArrayList<>();
        for (int i = 0; i < Race.RACERS; i++) {
            expected.add(parts.bytes(100_000 + i));
        }
        Await.done(parts.facet().complete(session, uploaded));

        assertThat(parts.blobs().read(session.blob())).isEqualTo(Bytes.join(expected));
    }

    private static Checksum crcOf(ByteBuffer bytes) {
        PartDigest digest = new PartDigest();
        digest.update(bytes);
        return Checksum.crc32c(digest.crc32c());
    }

    private static Checksum md5Of(ByteBuffer bytes) {
        try {
            MessageDigest md5 = MessageDigest.getInstance("MD5");
            md5.update(bytes.duplicate());
            return Checksum.md5(md5.digest());
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
