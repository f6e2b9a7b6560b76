// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit.fault;

import io.terrace.spi.Backend;
import io.terrace.spi.BlobListing;
import io.terrace.spi.ChangeLog;
import io.terrace.spi.HighVolumeBackend;
import io.terrace.spi.LongTermBackend;
import io.terrace.spi.MarkerCollection;
import io.terrace.spi.MultiBlobDeletes;
import io.terrace.spi.MultiRowReads;
import io.terrace.spi.MultipartUploads;
import io.terrace.spi.Pins;
import io.terrace.spi.RowListing;
import io.terrace.spi.UploadRecords;
import io.terrace.spi.UploadSessionListing;

/** Every method of every SPI that does work, the facets included. */
public enum SpiOperation {
    /** {@link HighVolumeBackend#read}. */
    ROW_READ(Effect.NONE),
    /** {@link MultiRowReads#readAll}. */
    ROW_READ_ALL(Effect.NONE),
    /** {@link HighVolumeBackend#putUnlessTombstone}. */
    ROW_PUT(Effect.ONCE),
    /** {@link HighVolumeBackend#deleteUnlessTombstone}. */
    ROW_DELETE(Effect.ONCE),
    /** {@link HighVolumeBackend#compareAndSet}. */
    ROW_CAS(Effect.CONDITIONAL),
    /** {@link HighVolumeBackend#bump}. */
    ROW_BUMP(Effect.CONDITIONAL),
    /** {@link RowListing#scan}. */
    ROW_SCAN(Effect.NONE),
    /** {@link MarkerCollection#collectMarkers}. */
    ROW_COLLECT(Effect.REPEATABLE),

    /** {@link LongTermBackend#put}. */
    BLOB_PUT(Effect.ONCE),
    /** {@link LongTermBackend#get}. */
    BLOB_GET(Effect.NONE),
    /** {@link LongTermBackend#head}. */
    BLOB_HEAD(Effect.NONE),
    /** {@link LongTermBackend#delete}. */
    BLOB_DELETE(Effect.REPEATABLE),
    /** {@link MultiBlobDeletes#deleteAll}. */
    BLOB_DELETE_ALL(Effect.REPEATABLE),
    /** {@link BlobListing#list}. */
    BLOB_LIST(Effect.NONE),

    /** {@link MultipartUploads#start}. */
    UPLOAD_START(Effect.ONCE),
    /** {@link MultipartUploads#uploadPart}. */
    UPLOAD_PART(Effect.REPEATABLE),
    /** {@link MultipartUploads#listParts}. */
    UPLOAD_PARTS(Effect.NONE),
    /** {@link MultipartUploads#complete}. */
    UPLOAD_COMPLETE(Effect.REPEATABLE),
    /** {@link MultipartUploads#abort}. */
    UPLOAD_ABORT(Effect.REPEATABLE),
    /** {@link UploadSessionListing#sessions}. */
    UPLOAD_LIST(Effect.NONE),

    /** {@link ChangeLog#append}. */
    LOG_APPEND(Effect.REPEATABLE),
    /** {@link ChangeLog#get}. */
    LOG_GET(Effect.NONE),
    /** {@link ChangeLog#remove}. */
    LOG_REMOVE(Effect.REPEATABLE),
    /** {@link ChangeLog#claim}. */
    LOG_CLAIM(Effect.REPEATABLE),
    /** {@link ChangeLog#rebase}. */
    LOG_REBASE(Effect.ONCE),
    /** {@link ChangeLog#defer}. */
    LOG_DEFER(Effect.REPEATABLE),
    /** {@link ChangeLog#scan}. */
    LOG_SCAN(Effect.NONE),
    /** {@link ChangeLog#referenced}. */
    LOG_REFERENCED(Effect.NONE),
    /** {@link UploadRecords#begin}. */
    RECORD_BEGIN(Effect.REPEATABLE),
    /** {@link UploadRecords#get}. */
    RECORD_GET(Effect.NONE),
    /** {@link UploadRecords#replace}. */
    RECORD_REPLACE(Effect.REPEATABLE),
    /** {@link UploadRecords#remove}. */
    RECORD_REMOVE(Effect.REPEATABLE),
    /** {@link UploadRecords#scan}. */
    RECORD_SCAN(Effect.NONE),
    /** {@link Pins#pin}. */
    PIN(Effect.REPEATABLE),
    /** {@link Pins#unpin}. */
    UNPIN(Effect.REPEATABLE),
    /** {@link Pins#any}. */
    PIN_ANY(Effect.NONE),
    /** {@link Pins#list}. */
    PIN_LIST(Effect.NONE),

    /** {@link Backend#check}, of any role. */
    CHECK(Effect.NONE),
    /** {@link Backend#closeLater}, of any role. */
    CLOSE(Effect.REPEATABLE);

    /** What becomes of the store if the operation is applied. */
    enum Effect {
        /** Nothing. */
        NONE,
        /** Something that may be done again, by any layer. */
        REPEATABLE,
        /** Something that only happens to the version that was named, so a backend may repeat it if it says so. */
        CONDITIONAL,
        /** Something that must not be done again. */
        ONCE
    }

    private final Effect effect;

    SpiOperation(Effect effect) {
        this.effect = effect;
    }

    /** Whether the operation can change what is stored; if not, its failure is always {@code NOT_APPLIED}. */
    public boolean writes() {
        return effect != Effect.NONE;
    }

    Effect effect() {
        return effect;
    }

    /** Whether the answer is a stream. */
    boolean streams() {
        return switch (this) {
            case ROW_READ_ALL, ROW_SCAN, BLOB_LIST, UPLOAD_LIST, LOG_SCAN, RECORD_SCAN, PIN_LIST -> true;
            default -> false;
        };
    }

    /** Whether the operation belongs to the life of the backend rather than to the work of the store. */
    boolean administrative() {
        return this == CHECK || this == CLOSE;
    }
}
