// SPDX-License-Identifier: Apache-2.0
package io.terrace.s3;

/** S3 writes ETags in quotes, which are not part of them. */
final class ETags {

    private ETags() {}

    static String bare(String etag) {
        return etag.length() >= 2 && etag.startsWith("\"") && etag.endsWith("\"")
                ? etag.substring(1, etag.length() - 1)
                : etag;
    }

    static String quoted(String etag) {
        return "\"" + etag + "\"";
    }
}
