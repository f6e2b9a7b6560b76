// SPDX-License-Identifier: Apache-2.0
package io.terrace.bigtable;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.cloud.bigtable.data.v2.models.Row;
import com.google.cloud.bigtable.data.v2.models.RowCell;
import io.terrace.Determinacy;
import io.terrace.ExpirationPolicy;
import io.terrace.ObjectId;
import io.terrace.ObjectMetadata;
import io.terrace.TooLargeException;
import io.terrace.spi.BlindOutcome;
import io.terrace.spi.BlobId;
import io.terrace.spi.CasOutcome;
import io.terrace.spi.Deadline;
import io.terrace.spi.RowChange;
import io.terrace.spi.RowHead;
import io.terrace.spi.RowKind;
import io.terrace.spi.RowListing.ListedRow;
import io.terrace.spi.RowProjection;
import io.terrace.spi.RowVersion;
import io.terrace.spi.WriteId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every form of a row that Sentry's objectstore wrote, in front of every operation. */
class LegacyRowsTest {

    private static final String POLICY = "{\"expiration_policy\":{\"TimeToLive\":{\"secs\":864000,\"nanos\":0}}}";
    private static final String BLOB = "01890a5d-ac96-774b-bcce-b302099a8057";
    private static final long WRITTEN = 1_790_000_000_123_000L;
    private static final long LATER = 4_000_000_000_000_000L;
    private static final long EARLIER = 1_700_000_000_123_000L;

    enum Form {
        INLINE(Cells.LASTING, WRITTEN, "m", "{\"content_type\":\"text/plain\",\"size\":3}", "p", "old"),
        INLINE_EMPTY(Cells.LASTING, WRITTEN, "m", "{}", "p", ""),
        INLINE_LIVE(Cells.EXPIRING, LATER, "m", POLICY, "p", "old"),
        INLINE_EXPIRED(Cells.EXPIRING, EARLIER, "m", POLICY, "p", "old"),
        REDIRECT(Cells.LASTING, WRITTEN, "r", "test/objects/REDIRECT/" + BLOB, "t", "{}"),
        REDIRECT_ALONE(Cells.LASTING, WRITTEN, "r", "test/objects/REDIRECT_ALONE/" + BLOB),
        REDIRECT_LIVE(Cells.EXPIRING, LATER, "r", "test/objects/REDIRECT_LIVE/" + BLOB, "t", POLICY),
        REDIRECT_EXPIRED(Cells.EXPIRING, EARLIER, "r", "test/objects/REDIRECT_EXPIRED/" + BLOB, "t", POLICY),
        REDIRECT_TO_ITSELF(Cells.LASTING, WRITTEN, "r", "", "t", "{}"),
        REDIRECT_IN_METADATA(Cells.LASTING, WRITTEN, "m", "{\"is_redirect_tombstone\":true}"),
        REDIRECT_IN_METADATA_LIVE(
                Cells.EXPIRING, LATER, "m", POLICY.replaceFirst("\\{", "{\"is_redirect_tombstone\":true,")),
        REDIRECT_IN_METADATA_EXPIRED(
                Cells.EXPIRING, EARLIER, "m", POLICY.replaceFirst("\\{", "{\"is_redirect_tombstone\":true,"));

        private final String family;
        private final long timestamp;
        private final String cells;

        Form(String family, long timestamp, String... cells) {
            this.family = family;
            this.timestamp = timestamp;
            this.cells = String.join("\n", cells);
        }

        boolean isRedirect() {
            return name().startsWith("REDIRECT");
        }

        RowHead expected(ObjectId id, RowVersion version) {
            boolean expires = family.equals(Cells.EXPIRING);
            ObjectMetadata.Builder metadata = ObjectMetadata.builder();
            if (expires) {
                metadata.expiration(ExpirationPolicy.timeToLive(Duration.ofDays(10)))
                        .timeExpires(Instant.ofEpochMilli(timestamp / 1000));
            }
            if (this == INLINE) {
                metadata.contentType("text/plain").size(3);
            }
            BlobId itself = BlobId.ofObject(id);
            BlobId named = BlobId.fromStoragePath(id.storagePath() + "/" + BLOB);
            return new RowHead(
                    isRedirect() ? RowKind.TOMBSTONE : RowKind.INLINE,
                    version,
                    expires ? new Deadline(timestamp) : Deadline.NONE,
                    expires ? 0 : timestamp,
                    metadata.build(),
                    !isRedirect() ? null : this == REDIRECT_TO_ITSELF || name().contains("METADATA") ? itself : named);
        }
    }

    /** In it rows of the reference that have expired stay until they were looked at. */
    private final Sample sample = new Sample(BigtableServer.shared().newLastingTable(), builder -> builder);

    @AfterEach
    void close() {
        sample.close();
    }

    @ParameterizedTest
    @EnumSource(Form.class)
    void isReadAsWhatItIsAndListed(Form form) {
        ObjectId id = install(form);
        RowHead head = sample.head(id);
        io.terrace.spi.Row full = Objects.requireNonNull(sample.read(id, RowProjection.FULL));

        assertThat(head).isEqualTo(form.expected(id, head.version()));
        assertThat(head.version().bump()).isZero();
        assertThat(full.head()).isEqualTo(head);
        assertThat(sample.text(id)).isEqualTo(form == Form.INLINE_EMPTY || form.isRedirect() ? "" : "old");
        assertThat(sample.rows().scan("", "").collectList().block()).containsExactly(new ListedRow(id, head));
    }

    @ParameterizedTest
    @EnumSource(Form.class)
    void aBlindWriteReplacesAnObjectAndIsRefusedByARedirect(Form form) {
        for (boolean deletes : new boolean[] {false, true}) {
            ObjectId id = install(form);
            RowHead before = sample.head(id);
            BlindOutcome outcome = deletes ? sample.delete(id) : sample.put(id, 7);

            if (form.isRedirect()) {
                assertThat(outcome).isEqualTo(new BlindOutcome.Tombstoned(before));
                assertThat(sample.head(id)).isEqualTo(before);
            } else {
                assertThat(outcome).isInstanceOf(BlindOutcome.Done.class);
                assertThat(sample.head(id).kind()).isEqualTo(deletes ? RowKind.MARKER : RowKind.INLINE);
                assertUpgraded(id, deletes ? Set.of("h") : Set.of("h", "p"));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Form.class)
    void aCompareAndSetNeedsExactlyItsVersion(Form form) {
        for (boolean tokened : new boolean[] {true, false}) {
            ObjectId id = install(form);
            RowVersion version = sample.head(id).version();
            WriteId w = version.writeId();
            for (RowVersion other : List.of(
                    RowVersion.ABSENT,
                    RowVersion.of(w, 1),
                    RowVersion.of(w, -1),
                    RowVersion.of(new WriteId(w.high(), w.low() ^ 1), 0),
                    RowVersion.of(sample.writeId(), 0))) {
                assertThat(sample.cas(id, other, Sample.inline(1)))
                        .as("%s", other)
                        .isInstanceOf(CasOutcome.Refused.class);
            }
            assertThat(sample.head(id).version()).isEqualTo(version);
            RowVersion expected = tokened ? version : RowVersion.of(w, 0);

            assertThat(sample.cas(id, expected, Sample.tombstone(id))).isInstanceOf(CasOutcome.Applied.class);
            assertUpgraded(id, Set.of("h"));
            assertThat(sample.cas(id, version, Sample.inline(1))).isInstanceOf(CasOutcome.Refused.class);
            assertThat(sample.cas(id, expected, Sample.inline(1))).isInstanceOf(CasOutcome.Refused.class);
        }
    }

    @ParameterizedTest
    @EnumSource(Form.class)
    void aBumpKeepsTheValueAndGivesTheRowAHead(Form form) {
        ObjectId id = install(form);
        RowHead before = sample.head(id);
        String text = sample.text(id);
        CasOutcome outcome = sample.bump(id, before, RowChange.fence(1));
        RowHead after = sample.head(id);

        assertThat(outcome).isEqualTo(new CasOutcome.Applied(RowVersion.of(before.writeId(), 1)));
        assertThat(after)
                .isEqualTo(new RowHead(
                        before.kind(),
                        RowVersion.of(before.writeId(), 1),
                        before.deadline(),
                        after.lastWriteMicros(),
                        before.metadata(),
                        before.target()));
        assertThat(sample.text(id)).isEqualTo(text);
        assertUpgraded(id, form.isRedirect() ? Set.of("h") : Set.of("h", "p"));
        assertThat(sample.bump(id, before, RowChange.fence(1))).isInstanceOf(CasOutcome.Refused.class);
        assertThat(sample.cas(id, before.version(), Sample.inline(1))).isInstanceOf(CasOutcome.Refused.class);
    }

    /** Nobody sees a payload that goes before its head: the one of the reference has no hour more. */
    @Test
    void anExpiredObjectWhosePayloadIsGoneStillHasItsHead() {
        ObjectId id = Sample.id("half-gone");
        sample.raw(id, Cells.EXPIRING, EARLIER, "m", POLICY);

        assertThat(Objects.requireNonNull(sample.read(id, RowProjection.FULL)).payload())
                .isNull();
        assertThat(sample.bump(id, sample.head(id), RowChange.fence(1))).isInstanceOf(CasOutcome.Applied.class);
        assertThat(Objects.requireNonNull(sample.read(id, RowProjection.FULL)).payload())
                .isNull();
    }

    @Test
    void longMetadataAreComparedUpToALimit() {
        for (int size : new int[] {8 << 10, (8 << 10) + 1, 16 << 10}) {
            ObjectId id = Sample.id("long-" + size);
            sample.raw(id, Cells.LASTING, WRITTEN, "m", metadataOf(size), "p", "old");
            assertThat(sample.cas(id, sample.head(id).version(), Sample.inline(1)))
                    .as("%s bytes", size)
                    .isInstanceOf(CasOutcome.Applied.class);
        }
        ObjectId id = Sample.id("too-long");
        sample.raw(id, Cells.LASTING, WRITTEN, "m", metadataOf((16 << 10) + 1), "p", "old");
        RowVersion version = sample.head(id).version();
        sample.wire().requests();

        assertThatThrownBy(() -> sample.cas(id, version, Sample.inline(1)))
                .isInstanceOfSatisfying(TooLargeException.class, error -> assertThat(error.determinacy())
                        .isEqualTo(Determinacy.NOT_APPLIED))
                .hasMessageContaining("16385 bytes")
                .hasMessageContaining("Put the object anew");
        assertThat(sample.wire().requests()).isEmpty();
        assertThat(sample.put(id, 1)).isInstanceOf(BlindOutcome.Done.class);
    }

    /** What the option is for, and that it decides: without it a redirect stands in nobody's way. */
    @Test
    void withoutTheOptionTheseRowsDoNotExist() {
        Sample ours = new Sample(sample.table(), builder -> builder.legacy(false));
        for (Form form : Form.values()) {
            ObjectId id = install(form);
            assertThat(ours.read(id, RowProjection.FULL)).isNull();
            assertThat(ours.rows().scan("", "").collectList().block()).isEmpty();
            assertThat(ours.put(id, 1)).isInstanceOf(BlindOutcome.Done.class);
            assertUpgraded(id, Set.of("h", "p"));
            sample.deleteRow(id);
        }
        ours.close();
    }

    private static String metadataOf(int bytes) {
        String frame = "{\"custom\":{\"a\":\"\"}}";
        return frame.replace("\"\"", "\"" + "x".repeat(bytes - frame.length()) + "\"");
    }

    private ObjectId install(Form form) {
        ObjectId id = Sample.id(form.name());
        sample.deleteRow(id);
        sample.raw(id, form.family, form.timestamp, form.cells.split("\n", -1));
        return id;
    }

    private void assertUpgraded(ObjectId id, Set<String> qualifiers) {
        Row row = Objects.requireNonNull(sample.cells(id));
        assertThat(row.getCells().stream().map(RowCell::getQualifier).map(qualifier -> qualifier.toString(UTF_8)))
                .containsExactlyInAnyOrderElementsOf(qualifiers);
    }
}
