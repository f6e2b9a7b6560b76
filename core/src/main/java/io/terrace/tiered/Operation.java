// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

/** What is observed, one observation for each subscription, under the names that the tag {@code operation} has for them. */
enum Operation {
    PUT("put", Kind.WRITE, false),
    GET("get", Kind.READ, true),
    HEAD("head", Kind.READ, true),
    DELETE("delete", Kind.WRITE, false),
    UPDATE_METADATA("updateMetadata", Kind.WRITE, true),
    COPY("copy", Kind.WRITE, true),
    LIST("list", Kind.READ, false),
    DELETE_ALL("deleteAll", Kind.WRITE, false),
    INITIATE("initiate", Kind.WRITE, false),
    UPLOAD_PART("uploadPart", Kind.WRITE, false),
    LIST_PARTS("listParts", Kind.READ, false),
    COMPLETE("complete", Kind.WRITE, false),
    ABORT("abort", Kind.WRITE, false),
    SCAN("scan", Kind.MAINTENANCE, false),
    INSPECT("inspect", Kind.MAINTENANCE, false),
    RECOVER("recover", Kind.MAINTENANCE, false),
    SWEEP("sweep", Kind.MAINTENANCE, false),
    MAINTAIN("maintain", Kind.MAINTENANCE, false);

    private enum Kind {
        READ,
        WRITE,
        MAINTENANCE
    }

    private final String label;
    private final Kind kind;
    private final boolean emptyIsAbsent;

    /** @param emptyIsAbsent whether completing without an answer says that there is no such object */
    Operation(String label, Kind kind, boolean emptyIsAbsent) {
        this.label = label;
        this.kind = kind;
        this.emptyIsAbsent = emptyIsAbsent;
    }

    /** The name of its method. */
    String label() {
        return label;
    }

    Instrument instrument() {
        return kind == Kind.MAINTENANCE ? Instrument.MAINTENANCE : Instrument.OPERATION;
    }

    /** Whether it may have had an effect though it failed, and its caller has to care. */
    boolean writes() {
        return kind == Kind.WRITE;
    }

    Outcome ofEmpty() {
        return emptyIsAbsent ? Outcome.ABSENT : Outcome.OK;
    }
}
