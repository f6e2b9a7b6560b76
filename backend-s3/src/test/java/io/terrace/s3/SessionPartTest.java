// SPDX-License-Identifier: Apache-2.0
package io.terrace.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.Checksum;
import io.terrace.ClientPayloadException;
import io.terrace.ObjectMetadata;
import io.terrace.Payload;
import io.terrace.TooLargeException;
import io.terrace.UploadedPart;
import io.terrace.spi.MultipartUploads;
import io.terrace.spi.UploadSession;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Parts of sessions that are too large to be collected. */
class SessionPartTest {

    /** More than two parts of 5 MiB, which are what an upload holds. */
    private static final int LARGE = (11 << 20) + 3;

    private final Store store = new Store();
    private final MultipartUploads uploads =
            store.blobs().facet(MultipartUploads.class).orElseThrow();
    private UploadSession session;

    @BeforeEach
    void start() {
        session = Store.value(uploads.start(Store.id(), ObjectMetadata.defaults()));
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void aLargePartPassesThroughAndTakesNoMemory() {
        UploadedPart part = Store.value(uploads.uploadPart(session, 1, announced(LARGE), checksum(Store.bytes(LARGE))));
        assertThat(store.blobs().uploadMemoryInUse()).isZero();
        Store.value(uploads.complete(session, List.of(part)));

        assertThat(store.read(session.blob())).isEqualTo(Store.bytes(LARGE));
    }

    @Test
    void oneOfAnotherChecksumIsTheClientsFaultAndNotStored() {
        assertThat(Store.error(uploads.uploadPart(session, 1, announced(LARGE), checksum(Store.bytes(9)))))
                .isInstanceOf(ClientPayloadException.class);

        assertNoPart();
    }

    @Test
    void oneThatFailsOrIsShorterThanAnnouncedIsTheClientsFaultAndNotStored() {
        for (Payload body : List.of(
                Payload.from(Store.stream(Store.bytes(LARGE - 1))).contentLength(LARGE),
                Payload.from(Store.stream(Store.bytes(LARGE))).contentLength(LARGE - 1),
                Payload.from(Flux.concat(
                                Store.stream(Store.bytes(LARGE - 1)), Mono.error(new IllegalStateException("broken"))))
                        .contentLength(LARGE))) {
            assertThat(Store.error(uploads.uploadPart(session, 1, body, null)))
                    .isInstanceOf(ClientPayloadException.class);
        }

        assertNoPart();
    }

    @Test
    void oneOfUnknownLengthIsRefusedWhenItTurnsOutToBeLarge() {
        assertThat(Store.error(uploads.uploadPart(session, 1, Payload.from(Store.stream(Store.bytes(LARGE))), null)))
                .isInstanceOf(TooLargeException.class);

        assertNoPart();
    }

    private void assertNoPart() {
        assertThat(Store.value(uploads.listParts(session, 0, 10)).parts()).isEmpty();
    }

    private static Payload announced(int size) {
        return Payload.from(Store.stream(Store.bytes(size))).contentLength(size);
    }

    private static Checksum checksum(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return Checksum.crc32c(crc.getValue());
    }
}
