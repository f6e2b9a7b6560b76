// SPDX-License-Identifier: Apache-2.0
package io.terrace.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.terrace.ObjectContext;
import io.terrace.ObjectId;
import io.terrace.ObjectMetadata;
import io.terrace.Scope;
import io.terrace.Scopes;
import io.terrace.TooLargeException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A large object is uploaded before its row is written: too late to learn that the row has no room. */
class LargestRowFrameTest {

    private static final int LONGEST_PATH = 4096 - 37;

    @Test
    void theLargestMetadataAndTheLongestNameFitIntoOneTombstone() {
        ObjectId object = longestName();
        RowHead head = tombstone(object, largestMetadata());

        RowFrame frame = RowFrame.of(head, object, null, 1);
        RowFrame read = RowFrame.decode(frame.encode(), "the row");

        assertThat(read.head().target()).isEqualTo(head.target());
        assertThat(read.head().metadata()).isEqualTo(head.metadata());
        assertThat(read.object()).isEqualTo(object);
    }

    @Test
    void theLargestMetadataAreTheLargestThatCanBeBuilt() {
        int entry = largestMetadata().custom().getOrDefault("k", "").length();
        assertThatThrownBy(() -> metadata(entry + 1)).isInstanceOf(TooLargeException.class);
    }

    @Test
    void theLongestNameIsTheLongestThatCanBeMade() {
        ObjectId object = longestName();
        assertThat(object.storagePath()).hasSize(LONGEST_PATH);
        assertThatThrownBy(() -> ObjectId.of(object.context(), object.key() + "k"))
                .hasMessageContaining("bytes");
    }

    private static RowHead tombstone(ObjectId object, ObjectMetadata metadata) {
        BlobId target = new BlobId(object, new UUID(0x0190_0000_0000_7000L, 0x8000_0000_0000_0001L));
        return new RowHead(RowKind.TOMBSTONE, RowVersion.of(new WriteId(1, 2), 3), Deadline.NONE, 4, metadata, target);
    }

    private static ObjectMetadata largestMetadata() {
        int fits = 0;
        for (int step = 1 << 14; step > 0; step /= 2) {
            if (fits(fits + step)) {
                fits += step;
            }
        }
        return metadata(fits);
    }

    private static boolean fits(int entry) {
        try {
            metadata(entry);
            return true;
        } catch (TooLargeException tooLarge) {
            return false;
        }
    }

    private static ObjectMetadata metadata(int entry) {
        return ObjectMetadata.builder().custom("k", "x".repeat(entry)).build();
    }

    private static ObjectId longestName() {
        List<Scope> scopes = new ArrayList<>();
        ObjectContext context = ObjectContext.of("usecase");
        while (context.storagePath().length() + 258 + 512 < LONGEST_PATH) {
            scopes.add(new Scope("n".repeat(126) + (10 + scopes.size()), "v".repeat(128)));
            context = ObjectContext.of("usecase", Scopes.of(scopes));
        }
        return ObjectId.of(
                context, "k".repeat(LONGEST_PATH - context.storagePath().length()));
    }
}
