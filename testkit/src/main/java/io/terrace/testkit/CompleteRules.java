// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.terrace.InvalidPartException;
import io.terrace.InvalidPartException.Reason;
import io.terrace.UploadedPart;
import io.terrace.spi.BlobId;
import io.terrace.spi.BlobInfo;
import io.terrace.spi.UploadSession;
import java.nio.ByteBuffer;
import java.util.List;
import reactor.core.publisher.Mono;

/** MU-5: making parts one blob. */
abstract class CompleteRules {

    private final Parts parts;

    CompleteRules(LongTermConformanceTest kit) {
        this.parts = kit.parts();
    }

    @Rule(value = "MU-5.1", requirement = Requirement.CAPABILITY)
    void theListedPartsBecomeTheBlobInTheirOrder() {
        UploadSession session = parts.started();
        UploadedPart last = parts.uploaded(session, 30, Bytes.of(3));
        UploadedPart first = parts.uploaded(session, 1, parts.bytes(70_000));
        parts.uploaded(session, 2, parts.bytes(10));
        UploadedPart middle = parts.uploaded(session, 7, parts.bytes(100));
        BlobInfo info = parts.completed(session, first, middle, last);
        ByteBuffer whole = Bytes.join(List.of(parts.bytes(70_000), parts.bytes(100), Bytes.of(3)));

        assertThat(info.id()).isEqualTo(session.blob());
        assertThat(info.size()).isEqualTo(whole.remaining());
        assertThat(info.metadata()).isEqualTo(Samples.metadata("parts"));
        assertThat(Await.value(parts.blobs().backend().head(session.blob()))).isEqualTo(info);
        assertThat(parts.blobs().read(session.blob())).isEqualTo(whole);
    }

    @Rule(value = "MU-5.2", requirement = Requirement.CAPABILITY)
    void anEmptyListIsRefused() {
        refused(List.of(), Reason.NO_PARTS, 0);
    }

    @Rule(value = "MU-5.3", requirement = Requirement.CAPABILITY)
    void aListThatDoesNotAscendStrictlyIsRefused() {
        refused(List.of(2, 1), Reason.OUT_OF_ORDER, 1);
        refused(List.of(1, 2, 2), Reason.OUT_OF_ORDER, 2);
    }

    @Rule(value = "MU-5.4", requirement = Requirement.CAPABILITY)
    void aPartThatWasNotUploadedIsRefused() {
        refused(List.of(1, 3), Reason.UNKNOWN_PART, 3);
    }

    @Rule(value = "MU-5.5", requirement = Requirement.CAPABILITY)
    void aPartOfAnotherETagIsRefused() {
        UploadSession session = parts.started();
        UploadedPart first = parts.uploaded(session, 1, parts.bytes(10));
        UploadedPart replaced = parts.uploaded(session, 2, parts.bytes(20));
        UploadedPart second = parts.uploaded(session, 2, parts.bytes(30));

        refused(session, List.of(first, replaced), Reason.ETAG_MISMATCH, 2);
        parts.completed(session, first, second);
    }

    @Rule(value = "MU-5.6", requirement = Requirement.CAPABILITY)
    void aPartThatIsTooSmallIsRefusedUnlessItIsTheLast() {
        int minimum = (int) parts.limits().minPartBytes();
        assumeTrue(minimum > 0, "the store takes parts of every size");
        UploadSession session = parts.started();
        UploadedPart small = parts.uploaded(session, 1, Bytes.of(minimum - 1));
        UploadedPart last = parts.uploaded(session, 2, Bytes.of(minimum - 1));

        refused(session, List.of(small, last), Reason.TOO_SMALL, 1);
        parts.completed(session, parts.uploaded(session, 1, Bytes.of(minimum)), last);
    }

    @Rule(value = "MU-5.7", requirement = Requirement.CAPABILITY)
    void aRepetitionEndsTheSameOrSaysThatTheSessionIsGone() {
        UploadSession session = parts.started();
        UploadedPart part = parts.uploaded(session, 1, parts.bytes(10));
        BlobInfo info = parts.completed(session, part);
        Mono<BlobInfo> again = parts.facet().complete(session, List.of(part));

        assertThat(Parts.isGone(again) || Await.value(again).equals(info)).isTrue();
        assertThat(parts.blobs().read(session.blob())).isEqualTo(parts.bytes(10));
    }

    @Rule(value = "MU-5.8", requirement = Requirement.CAPABILITY)
    void ofManyCompletesAtOnceOneMakesTheBlob() {
        UploadSession session = parts.started();
        UploadedPart one = parts.uploaded(session, 1, parts.bytes(10));
        UploadedPart two = parts.uploaded(session, 2, parts.bytes(20));
        // Different lists, so that it shows which one took effect, and whether it did so as a whole.
        List<Boolean> gone = Race.of(
                Race.RACERS,
                racer -> Parts.isGone(
                        parts.facet().complete(session, racer % 2 == 0 ? List.of(one) : List.of(one, two))));

        assertThat(gone).contains(false);
        assertThat(parts.blobs().read(session.blob()))
                .isIn(parts.bytes(10), Bytes.join(List.of(parts.bytes(10), parts.bytes(20))));
    }

    @Rule(value = "MU-5.9", requirement = Requirement.CAPABILITY)
    void aBlobThatIsThereAlreadyStaysAndThatIsSuccess() {
        BlobId id = parts.blobs().fresh();
        UploadSession first = parts.started(id);
        UploadSession second = parts.started(id);
        BlobInfo info = parts.completed(first, parts.uploaded(first, 1, parts.bytes(10)));

        assertThat(parts.completed(second, parts.uploaded(second, 1, parts.bytes(20))))
                .isEqualTo(info);
        assertThat(parts.blobs().read(id)).isEqualTo(parts.bytes(10));
    }

    @Rule(value = "MU-5.10", requirement = Requirement.CAPABILITY)
    void aCompleteThatIsCancelledLeavesNothingOrTheWholeBlob() {
        for (int round = 0; round < 12; round++) {
            UploadSession session = parts.started();
            UploadedPart one = parts.uploaded(session, 1, parts.bytes(70_000));
            UploadedPart two = parts.uploaded(session, 2, parts.bytes(70_001));
            Cancel.at(round, parts.facet().complete(session, List.of(one, two)));

            Await.remains(() -> Await.optional(parts.blobs().backend().head(session.blob()))
                    .ifPresent(info -> assertThat(parts.blobs().read(session.blob()))
                            .isEqualTo(Bytes.join(List.of(parts.bytes(70_000), parts.bytes(70_001))))));
        }
    }

    /** Parts 1 and 2 are there; the list names parts by number. */
    private void refused(List<Integer> numbers, Reason reason, int wrong) {
        UploadSession session = parts.started();
        UploadedPart one = parts.uploaded(session, 1, parts.bytes(10));
        UploadedPart two = parts.uploaded(session, 2, parts.bytes(20));
        refused(
                session,
                numbers.stream()
                        .map(number -> new UploadedPart(number, number == 1 ? one.etag() : two.etag()))
                        .toList(),
                reason,
                wrong);
        parts.completed(session, one, two);
    }

    /** The list is refused with that reason, and the session and its parts are as they were. */
    private void refused(UploadSession session, List<UploadedPart> list, Reason reason, int wrong) {
        assertThat(Await.error(parts.facet().complete(session, list)))
                .isInstanceOfSatisfying(InvalidPartException.class, error -> {
                    assertThat(error.reason()).isEqualTo(reason);
                    assertThat(error.partNumber()).isEqualTo(wrong);
                });
        parts.blobs().assertAbsent(session.blob());
        assertThat(parts.listed(session)).hasSize(2);
    }
}
