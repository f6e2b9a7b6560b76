// SPDX-License-Identifier: Apache-2.0
package io.terrace.localfs;

import io.terrace.localfs.LogState.Held;
import io.terrace.spi.ChangeEntry;
import io.terrace.spi.EntryId;
import io.terrace.spi.UploadRecord;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is written in one go: each record is decided on the state with those before it, which nobody else sees yet. */
final class LogBatch {

    private final LogState state;
    private final long synced;
    private final Map<EntryId, Optional<Held>> entries = new HashMap<>();
    /** Bytes of the record that sets the pin, 0 for one that is removed. */
    private final Map<String, Integer> pins = new HashMap<>();

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private int added;
    private boolean mustBeDurable;

    LogBatch(LogState state, long synced) {
        this.state = state;
        this.synced = synced;
    }

    @Nullable
    ChangeEntry get(EntryId id) {
        Held held = held(id);
        return held == null ? null : held.entry();
    }

    @Nullable
    UploadRecord upload(EntryId id) {
        Held held = held(id);
        return held == null ? null : held.upload();
    }

    private @Nullable Held held(EntryId id) {
        Optional<Held> changed = entries.get(id);
        return changed == null ? state.get(id) : changed.orElse(null);
    }

    boolean isPinned(String name) {
        Integer changed = pins.get(name);
        return changed == null ? state.isPinned(name) : changed > 0;
    }

    /** At least as many entries and uploads as there are. */
    int entriesAtMost() {
        return state.count() + added;
    }

    void add(LogRecord record) {
        byte[] encoded = LogCodec.encode(record, synced);
        EntryId id = record.entryId();
        if (id != null) {
            Held before = held(id);
            entries.put(id, Optional.ofNullable(Held.after(record, before, encoded.length)));
            added += before == null ? 1 : 0;
        } else if (record instanceof LogRecord.Pin pin) {
            pins.put(pin.name(), encoded.length);
        } else if (record instanceof LogRecord.Unpin unpin) {
            pins.put(unpin.name(), 0);
        }
        bytes.writeBytes(encoded);
        mustBeDurable |= record.mustBeDurable();
    }

    int length() {
        return bytes.size();
    }

    ByteBuffer bytes() {
        return ByteBuffer.wrap(bytes.toByteArray());
    }

    boolean mustBeDurable() {
        return mustBeDurable;
    }

    /** Shows everybody what is on the disk now. */
    void publish() {
        entries.forEach((id, held) -> state.set(id, held.orElse(null)));
        pins.forEach((name, length) -> state.setPin(name, length > 0, length));
    }
}
