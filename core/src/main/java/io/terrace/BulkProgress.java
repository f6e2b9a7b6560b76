// SPDX-License-Identifier: Apache-2.0
package io.terrace;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How far an operation on many objects has come: one for each object.
 *
 * @param id the object that is done with
 * @param error why it failed, the others notwithstanding; {@code null} if it did not
 * @param succeeded how many have succeeded until now
 * @param failed how many have failed until now
 */
public record BulkProgress(ObjectId id, @Nullable Throwable error, long succeeded, long failed) {

    public BulkProgress {
        Objects.requireNonNull(id, "id");
    }
}
