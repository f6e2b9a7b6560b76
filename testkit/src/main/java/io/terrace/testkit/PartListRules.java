// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.PartInfo;
import io.terrace.PartPage;
import io.terrace.UploadedPart;
import io.terrace.spi.UploadSession;
import java.util.ArrayList;
import java.util.List;

/** MU-4: listing the parts of an upload. */
abstract class PartListRules {

    private final Parts parts;

    PartListRules(LongTermConformanceTest kit) {
        this.parts = kit.parts();
    }

    @Rule(value = "MU-4.1", requirement = Requirement.CAPABILITY)
    void partsAreListedAsTheyWereStoredByAscendingNumber() {
        UploadSession session = parts.started();
        List<UploadedPart> uploaded = new ArrayList<>();
        for (int number : List.of(9, 10, 2, parts.limits().maxPartNumber(), 1)) {
            uploaded.add(parts.uploaded(session, number, Bytes.of(number % 100)));
        }
        List<PartInfo> listed = parts.listed(session);

        assertThat(listed)
                .extracting(PartInfo::uploaded)
                .containsExactly(uploaded.get(4), uploaded.get(2), uploaded.get(0), uploaded.get(1), uploaded.get(3));
        assertThat(listed).allSatisfy(part -> {
            assertThat(part.size()).isEqualTo(part.number() % 100);
            assertThat(part.modifiedMicros()).isPositive();
        });
    }

    @Rule(value = "MU-4.2", requirement = Requirement.CAPABILITY)
    void aPageHasNoMorePartsThanAskedForAndSaysWhetherMoreFollow() {
        UploadSession session = parts.started();
        for (int number = 2; number <= 12; number += 2) {
            parts.uploaded(session, number, Bytes.of(1));
        }

        for (int max = 1; max <= 7; max++) {
            assertThat(parts.listed(session, max))
                    .extracting(PartInfo::number)
                    .as("by pages of %s", max)
                    .containsExactly(2, 4, 6, 8, 10, 12);
        }
        assertThat(page(session, 0, 4).parts()).hasSizeLessThanOrEqualTo(4);
        for (int after : List.of(3, 4)) {
            assertThat(page(session, after, 1).parts().get(0).number()).isEqualTo(after == 3 ? 4 : 6);
        }
        assertThat(page(session, 12, 3)).isEqualTo(new PartPage(List.of(), false));
        assertThat(page(session, 10, 1).more()).isFalse();
    }

    private PartPage page(UploadSession session, int after, int max) {
        return Await.value(parts.facet().listParts(session, after, max));
    }
}
