// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is left to do when the outcome of a change is known.
 *
 * @param entry {@code null}: a resolver answers for it
 * @param drop a blob that was never committed
 * @param oldBlobs those that were replaced
 * @param unpinned a control has looked at the pins already
 */
record CleanUp(@Nullable String entry, @Nullable String drop, List<String> oldBlobs, boolean unpinned)
        implements Script {

    @Override
    public @Nullable Script run(Calls io) {
        if (io.breaks(Rule.ENTRY_REMOVED_FIRST) && entry != null) {
            io.call(new LogCalls.Remove(entry));
        }
        if (drop != null) {
            io.call(new BlobCalls.Delete(drop));
        }
        if (unpinned) {
            Release.delete(io, oldBlobs);
        } else if (!Release.of(io, entry, oldBlobs)) {
            return null;
        }
        if (entry != null) {
            io.call(new LogCalls.Remove(entry));
        }
        return null;
    }

    /** R5: how a writer goes on behind its answer. */
    static @Nullable Script after(Calls io, Change change, CommitLoop.Outcome outcome, boolean unpinned) {
        String newBlob = change.newBlob();
        List<String> oldBlobs = change.base().targets();
        boolean certain = !outcome.ambiguous();
        if (outcome.end() == CommitLoop.End.COMMITTED && (certain || !io.breaks(Rule.REFUSAL_REPEATED))) {
            return new CleanUp(change.name(), null, oldBlobs, unpinned);
        }
        if (outcome.end() == CommitLoop.End.SUPERSEDED && certain) {
            // Who replaced the old blobs has them in an entry of its own.
            return new CleanUp(change.name(), newBlob, List.of(), false);
        }
        if (outcome.end() == CommitLoop.End.CLAIMED && certain) {
            return new CleanUp(null, newBlob, List.of(), false);
        }
        return new Settle(change.name(), newBlob, outcome.base(), oldBlobs);
    }
}
