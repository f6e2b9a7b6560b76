// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import io.terrace.ObjectMetadata;
import io.terrace.Precondition;
import io.terrace.spi.RowHead;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Every state that the one row was in, as an observer sees it who looks after each request. Judges conditional writes. */
final class RowChain {

    /**
     * A state of the row.
     *
     * @param step when it was first seen
     * @param nowMicros what the clock said then
     * @param head the row
     */
    private record Link(long step, long nowMicros, RowHead head) {}

    private final List<Link> links = new ArrayList<>();

    RowChain() {
        links.add(new Link(0, 0, RowHead.ABSENT));
    }

    void observe(long step, long nowMicros, RowHead head) {
        if (!links.get(links.size() - 1).head.version().equals(head.version())) {
            links.add(new Link(step, nowMicros, head));
        }
    }

    /** A conditional put was answered with this etag: its value must have replaced just what it required. */
    void checkPut(Precondition required, long since, String etag) {
        for (int i = 1; i < links.size(); i++) {
            Link link = links.get(i);
            if (link.head.writeId().toString().equals(etag)) {
                if (link.step < since || !replaces(required, links.get(i - 1).head, link.nowMicros)) {
                    throw new SimulatedWorld.Violation("a put " + required + " replaced " + links.get(i - 1).head);
                }
                return;
            }
        }
        throw new SimulatedWorld.Violation("a put " + required + " was acknowledged, but never stored");
    }

    /** A conditional delete was answered: what it required must have been replaced by nothing meanwhile. */
    void checkDelete(Precondition required, long since) {
        boolean nothingToDo = required.fold(() -> true, () -> true, etag -> false);
        for (int i = 1; i < links.size(); i++) {
            Link link = links.get(i);
            nothingToDo |= link.step >= since
                    && link.head.metadata() == null
                    && replaces(required, links.get(i - 1).head, link.nowMicros);
        }
        if (!nothingToDo) {
            throw new SimulatedWorld.Violation("a delete " + required + " was acknowledged, but never done");
        }
    }

    /** A precondition was said to have failed: the row must have failed it at some moment since. */
    void checkFailed(Precondition required, long since) {
        for (int i = 0; i < links.size(); i++) {
            boolean seenSince = i + 1 == links.size() || links.get(i + 1).step >= since;
            if (seenSince && mayFail(required, links.get(i).head)) {
                return;
            }
        }
        throw new SimulatedWorld.Violation("a precondition held and was said to have failed: " + required);
    }

    /** An update of the metadata was answered: it must have changed the metadata, and nothing else. */
    void checkUpdated(long since, String etag, String key, String value) {
        for (int i = 1; i < links.size(); i++) {
            RowHead head = links.get(i).head;
            if (links.get(i).step >= since && value.equals(custom(head, key))) {
                if (!head.writeId().equals(links.get(i - 1).head.writeId())
                        || !head.writeId().toString().equals(etag)) {
                    throw new SimulatedWorld.Violation("an update of the metadata wrote a value: " + head);
                }
                return;
            }
        }
        throw new SimulatedWorld.Violation("an update of the metadata was acknowledged, but never stored: " + value);
    }

    /** An update was said not to have been applied. */
    void checkNever(String key, String value) {
        if (links.stream().anyMatch(link -> value.equals(custom(link.head, key)))) {
            throw new SimulatedWorld.Violation("an update of the metadata was denied, and done: " + value);
        }
    }

    private static @Nullable String custom(RowHead head, String key) {
        ObjectMetadata metadata = head.metadata();
        return metadata == null ? null : metadata.custom().get(key);
    }

    private static boolean replaces(Precondition required, RowHead before, long nowMicros) {
        return required.fold(
                () -> true,
                () -> !before.isLiveAt(nowMicros),
                etag -> before.metadata() != null && before.writeId().toString().equals(etag));
    }

    private static boolean mayFail(Precondition required, RowHead head) {
        return required.fold(
                () -> false,
                () -> head.metadata() != null,
                etag -> !head.deadline().isNone()
                        || head.metadata() == null
                        || !head.writeId().toString().equals(etag));
    }
}
