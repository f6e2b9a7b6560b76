// SPDX-License-Identifier: Apache-2.0
package io.terrace;

import java.util.Objects;

/**
 * Names an upload in parts to whoever may write to it. Opaque, and impossible to guess: whoever knows it, and the object's
 * id, can add parts, complete the upload and abort it.
 *
 * @param text URL-safe characters
 */
public record UploadId(String text) {

    public UploadId {
        Objects.requireNonNull(text, "text");
    }

    /** Without the text, which is as good as a password. */
    @Override
    public String toString() {
        return "UploadId[hidden]";
    }
}
