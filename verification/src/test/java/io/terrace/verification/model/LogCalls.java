// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.model;

import io.terrace.verification.model.LogRecord.Entry;
import io.terrace.verification.model.LogRecord.Phase;
import io.terrace.verification.model.LogRecord.Upload;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Requests to the change log about entries, pins and the shard. Those of a writer are refused once its shard was taken
 * over: it was opened in epoch 0. Those of a resolver are not.
 */
final class LogCalls {
    private LogCalls() {}

    /** False: the writer is fenced. */
    record Append(String id, Entry entry) implements Rpc<Boolean> {
        @Override
        public Done<Boolean> on(World world, Rules rules) {
            if (isFenced(world) && !rules.breaks(Rule.EPOCH_UNCHECKED_ON_APPEND)) {
                return new Done<>(world, false);
            }
            return new Done<>(world.with(world.log().with(id, entry)), true);
        }
    }

    /** What a writer asks before it replaces a later version (R5.4): whether its entry is there and open. */
    record IsOpen(String id) implements Rpc<Boolean> {
        @Override
        public Done<Boolean> on(World world, Rules rules) {
            return new Done<>(world, isOpenForWriter(world, id, rules.breaks(Rule.EPOCH_UNCHECKED_ON_GET)));
        }
    }

    /** R5.5: makes "absent" the base of an open entry. */
    record Rebase(String id) implements Rpc<Boolean> {
        @Override
        public Done<Boolean> on(World world, Rules rules) {
            boolean unchecked = rules.breaks(Rule.EPOCH_UNCHECKED_ON_REBASE);
            if (!isOpenForWriter(world, id, unchecked)
                    || !(world.log().records().get(id) instanceof Entry entry)) {
                return new Done<>(world, false);
            }
            return new Done<>(world.with(world.log().with(id, entry.rebased())), true);
        }
    }

    record Get(String id) implements Rpc<Optional<LogRecord>> {
        @Override
        public Done<Optional<LogRecord>> on(World world, Rules rules) {
            return new Done<>(world, Optional.ofNullable(world.log().records().get(id)));
        }
    }

    record Remove(String id) implements Rpc<Boolean> {
        @Override
        public Done<Boolean> on(World world, Rules rules) {
            return new Done<>(world.with(world.log().with(id, null)), true);
        }
    }

    /** R6.1 */
    record Claim(String id) implements Rpc<Optional<Entry>> {
        @Override
        public Done<Optional<Entry>> on(World world, Rules rules) {
            if (!(world.log().records().get(id) instanceof Entry entry)) {
                return new Done<>(world, Optional.empty());
            }
            World claimed = entry.isOpen() ? world.with(world.log().with(id, entry.claimed())) : world;
            if (rules.has(Rules.Option.MARKER_COLLECTION)) {
                claimed = claimed.with(claimed.flight().commits(id)); // the writer has the name of its entry
            }
            return new Done<>(claimed, Optional.of(entry));
        }
    }

    record Defer(String id, List<String> oldBlobs) implements Rpc<Boolean> {
        @Override
        public Done<Boolean> on(World world, Rules rules) {
            return new Done<>(world.with(world.log().with(id, Entry.deferred(oldBlobs))), true);
        }
    }

    record Scan() implements Rpc<List<String>> {
        @Override
        public Done<List<String>> on(World world, Rules rules) {
            return new Done<>(world, ids(world, any -> true));
        }
    }

    record ScanDeferred() implements Rpc<List<String>> {
        @Override
        public Done<List<String>> on(World world, Rules rules) {
            return new Done<>(world, ids(world, r -> r instanceof Entry entry && entry.isDeferred()));
        }
    }

    /** R11: whether an entry or an upload in flight brings this blob. */
    record Brings(String blob) implements Rpc<Boolean> {
        @Override
        public Done<Boolean> on(World world, Rules rules) {
            return new Done<>(
                    world,
                    !ids(
                                    world,
                                    r -> r instanceof Upload upload
                                            ? upload.brings(blob)
                                            : blob.equals(((Entry) r).newBlob()))
                            .isEmpty());
        }
    }

    record Pin(boolean pinned) implements Rpc<Boolean> {
        @Override
        public Done<Boolean> on(World world, Rules rules) {
            World.Log log = world.log();
            return new Done<>(world.with(new World.Log(log.records(), log.epoch(), log.retired(), pinned)), true);
        }
    }

    record IsPinned() implements Rpc<Boolean> {
        @Override
        public Done<Boolean> on(World world, Rules rules) {
            return new Done<>(world, world.log().pinned());
        }
    }

    /** Raises the epoch of the shard, and so claims every open entry in it at once. Answers with the entries. */
    record TakeOver() implements Rpc<List<String>> {
        @Override
        public Done<List<String>> on(World world, Rules rules) {
            World.Log log = world.log();
            List<String> ids = ids(world, any -> true);
            World after = world.with(new World.Log(log.records(), log.epoch() + 1, false, log.pinned()));
            if (rules.has(Rules.Option.MARKER_COLLECTION)) {
                for (String id : ids) {
                    after = after.with(after.flight().commits(id));
                }
            }
            return new Done<>(after, ids);
        }
    }

    record IsRetired() implements Rpc<Boolean> {
        @Override
        public Done<Boolean> on(World world, Rules rules) {
            return new Done<>(world, world.log().retired());
        }
    }

    /** Every entry of the shard is resolved. */
    record Retire() implements Rpc<Boolean> {
        @Override
        public Done<Boolean> on(World world, Rules rules) {
            World.Log log = world.log();
            return new Done<>(world.with(new World.Log(log.records(), log.epoch(), true, log.pinned())), true);
        }
    }

    /** R10: open becomes completing; completing is taken over. Answers with the record as it is then. */
    record Begin(String id, String attempt, Row row) implements Rpc<Optional<Upload>> {
        @Override
        public Done<Optional<Upload>> on(World world, Rules rules) {
            if (!(world.log().records().get(id) instanceof Upload upload)) {
                return new Done<>(world, Optional.empty());
            }
            if (upload.phase() != Phase.OPEN && upload.phase() != Phase.COMPLETING) {
                return new Done<>(world, Optional.of(upload));
            }
            boolean keeps = upload.phase() == Phase.COMPLETING && !rules.breaks(Rule.BASE_REPLACED_AT_TAKE_OVER);
            Upload begun = keeps ? upload.takenOver(attempt) : upload.completing(attempt, row);
            return new Done<>(world.with(world.log().with(id, begun)), Optional.of(begun));
        }
    }

    /** Replaces a record if it is still exactly this one. */
    record Replace(String id, LogRecord expected, LogRecord next) implements Rpc<Boolean> {
        @Override
        public Done<Boolean> on(World world, Rules rules) {
            if (!expected.equals(world.log().records().get(id))) {
                return new Done<>(world, false);
            }
            return new Done<>(world.with(world.log().with(id, next)), true);
        }
    }

    private static boolean isFenced(World world) {
        return world.log().epoch() > 0;
    }

    private static boolean isOpenForWriter(World world, String id, boolean epochUnchecked) {
        return world.log().records().get(id) instanceof Entry entry
                && entry.isOpen()
                && (!isFenced(world) || epochUnchecked);
    }

    private static List<String> ids(World world, Predicate<LogRecord> which) {
        return world.log().records().entrySet().stream()
                .filter(e -> which.test(e.getValue()))
                .map(java.util.Map.Entry::getKey)
                .toList();
    }
}
