// SPDX-License-Identifier: Apache-2.0
package io.terrace.bigtable;

import com.google.protobuf.ByteString;

/** The names in a table. They are those of tables that exist already, so they are fixed. */
final class Cells {

    /** The store drops a cell of this family about a second after its timestamp, so the timestamp is when it may go. */
    static final String EXPIRING = "fg";

    /** The store never drops a cell of this family. */
    static final String LASTING = "fm";

    /** A {@link io.terrace.spi.RowFrame}. A row of ours has it, and nothing else has. */
    static final ByteString HEAD = ByteString.copyFromUtf8("h");

    /** The bytes of an inline object, in rows of ours and of the reference alike. */
    static final ByteString PAYLOAD = ByteString.copyFromUtf8("p");

    /** Of the reference: metadata as JSON, or a redirect in an old form. */
    static final ByteString LEGACY_METADATA = ByteString.copyFromUtf8("m");

    /** Of the reference: the path of the blob, or nothing for the path of the row itself. */
    static final ByteString LEGACY_TARGET = ByteString.copyFromUtf8("r");

    /** Of the reference: the expiration policy of a redirect. */
    static final ByteString LEGACY_POLICY = ByteString.copyFromUtf8("t");

    /** How the metadata cell of a redirect in the old form begins. */
    static final ByteString REDIRECT = ByteString.copyFromUtf8("{\"is_redirect_tombstone\":true");

    /** Before all keys of objects, which begin with a use case. No row is ever there. */
    static final ByteString RESERVED_KEY = ByteString.copyFromUtf8("\u0000terrace");

    private Cells() {}
}
