// SPDX-License-Identifier: Apache-2.0
package io.terrace.inmemory;

import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.AtCapacityException;
import io.terrace.ObjectContext;
import io.terrace.ObjectId;
import io.terrace.ObjectMetadata;
import io.terrace.Scopes;
import io.terrace.spi.BlobId;
import io.terrace.spi.ChangeEntry;
import io.terrace.spi.ClaimOutcome;
import io.terrace.spi.EntryId;
import io.terrace.spi.ScanScope;
import io.terrace.spi.TerraceRuntime;
import io.terrace.spi.UploadRecord;
import io.terrace.spi.UploadRecords;
import io.terrace.spi.UploadSecret;
import io.terrace.spi.UploadSession;
import io.terrace.spi.WriteId;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import reactor.test.StepVerifier;

class InMemoryUploadRecordsTest {

    private final InMemoryChangeLog log = InMemoryChangeLog.create(2);
    private final UploadRecords uploads = log.uploads();
    private final UploadRecord open = record(100);
    private final UploadRecord completing = open.completing(new UUID(1, 1), WriteId.NONE, List.of(open.blob()), 200);

    @Test
    void anUploadBeginsOnceAndARepetitionIsAnsweredTheSame() {
        assertThat(uploads.begin(open).block()).isTrue();
        assertThat(uploads.begin(open).block()).isTrue();
        uploads.replace(open, completing).block();
        assertThat(uploads.begin(open).block()).isFalse();
        assertThat(uploads.get(open.id()).block()).isEqualTo(completing);
        StepVerifier.create(uploads.begin(completing)).verifyError(IllegalArgumentException.class);
    }

    @Test
    void aRecordIsReplacedOnlyIfItIsExactlyWhatIsExpected() {
        UploadRecord mine = completing.takenOver(new UUID(2, 2));
        UploadRecord theirs = completing.takenOver(new UUID(3, 3));
        uploads.begin(open).block();

        assertThat(uploads.replace(completing, mine).block()).isFalse();
        assertThat(uploads.replace(open, completing).block()).isTrue();
        assertThat(uploads.replace(completing, theirs).block()).isTrue();
        assertThat(uploads.replace(completing, mine).block()).isFalse();
        assertThat(uploads.replace(mine, mine.committed(300)).block()).isFalse();
        assertThat(uploads.replace(completing, theirs).block())
                .as("a repetition")
                .isTrue();
        assertThat(uploads.get(open.id()).block()).isEqualTo(theirs);
        StepVerifier.create(uploads.replace(open, theirs)).verifyError(IllegalArgumentException.class);
    }

    @Test
    void entriesAndUploadsShareOneKeySpaceAndOneCapacity() {
        EntryId id = open.id();
        ChangeEntry entry = ChangeEntry.open(id, open.object(), open.blob(), WriteId.NONE, List.of());
        uploads.begin(open).block();

        StepVerifier.create(log.append(entry)).verifyError(IllegalArgumentException.class);
        StepVerifier.create(log.defer(id, List.of(open.blob()))).verifyError(IllegalArgumentException.class);
        assertThat(log.get(id).blockOptional()).isEmpty();
        assertThat(log.claim(id).block()).isEqualTo(ClaimOutcome.GONE);
        assertThat(log.rebase(id, new WriteId(1, 1)).block()).isFalse();
        log.remove(id).block();
        assertThat(log.scan(ScanScope.ALL).collectList().block()).isEmpty();
        assertThat(uploads.get(id).block()).isEqualTo(open);

        uploads.remove(id).block();
        log.append(entry).block();
        assertThat(uploads.begin(open).block()).isFalse();
        uploads.remove(id).block();
        assertThat(uploads.get(id).blockOptional()).isEmpty();
        assertThat(log.get(id).block()).isEqualTo(entry);

        uploads.begin(record(1)).block();
        StepVerifier.create(uploads.begin(record(2))).verifyError(AtCapacityException.class);
    }

    @Test
    void anUploadRefersToItsBlobUntilItIsSettled() {
        uploads.begin(open).block();
        assertReferenced(true);
        uploads.replace(open, completing).block();
        assertReferenced(true);
        uploads.replace(completing, completing.dying(300)).block();
        assertReferenced(true);
        uploads.replace(completing.dying(300), completing.dying(300).dead(400)).block();
        assertReferenced(false);
    }

    @Test
    void aScanReturnsTheUploadsThatStartedBefore() {
        UploadRecord late = record(500);
        uploads.begin(open).then(uploads.begin(late)).block();

        assertThat(uploads.scan(ScanScope.DUE, 500).collectList().block()).containsExactly(open);
        assertThat(uploads.scan(ScanScope.ALL, Long.MAX_VALUE).collectList().block())
                .as("in the order of their ids, which within a millisecond is any order")
                .containsExactlyInAnyOrder(open, late);
    }

    private void assertReferenced(boolean is) {
        BlobId stranger = new BlobId(
                ObjectId.of(open.object().context(), "other"), open.blob().uuid());
        assertThat(log.referenced(List.of(open.blob(), stranger)).block())
                .isEqualTo(is ? Set.of(open.blob()) : Set.of());
    }

    private static UploadRecord record(long startedMicros) {
        BlobId blob = new BlobId(
                ObjectId.of(ObjectContext.of("u", Scopes.none()), "k"),
                TerraceRuntime.system().newUuid());
        return UploadRecord.open(
                new UploadSession(blob, "token"), new UploadSecret(1, 2), ObjectMetadata.defaults(), startedMicros);
    }
}
