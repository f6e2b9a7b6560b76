// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit;

import io.terrace.spi.BackendRole;
import io.terrace.spi.BlobId;
import io.terrace.spi.ChangeEntry;
import io.terrace.spi.ChangeLog;
import io.terrace.spi.EntryId;
import io.terrace.spi.ScanScope;
import io.terrace.spi.UploadRecord;
import io.terrace.spi.WriteId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Nested;
import org.reactivestreams.Publisher;

/**
 * What a {@link ChangeLog} must do. Extend it and say where the backend comes from, as {@link HighVolumeConformanceTest}
 * shows. The rules are written down in {@code docs/spec/change-log.md} and {@code docs/spec/backend.md}.
 */
public abstract class ChangeLogConformanceTest extends BackendConformanceTest<ChangeLog> {

    private final Log log = new Log(this::backend);

    Log log() {
        return log;
    }

    @Override
    String role() {
        return BackendRole.CHANGE_LOG.label();
    }

    @Override
    List<Class<?>> facets() {
        return List.of();
    }

    @Override
    Map<String, Supplier<Publisher<?>>> operations() {
        ChangeLog backend = backend();
        BlobId blob = Blobs.of("operations");
        EntryId id = EntryId.of(blob);
        ChangeEntry entry = ChangeEntry.open(id, blob.object(), blob, WriteId.NONE, List.of());
        Map<String, Supplier<Publisher<?>>> calls = new LinkedHashMap<>();
        calls.put("append", () -> backend.append(entry));
        calls.put("get", () -> backend.get(id));
        calls.put("claim", () -> backend.claim(id));
        calls.put("rebase", () -> backend.rebase(id, Log.writeId()));
        calls.put("defer", () -> backend.defer(id, List.of(blob)));
        calls.put("scan", () -> backend.scan(ScanScope.ALL));
        calls.put("referenced", () -> backend.referenced(List.of(blob)));
        calls.put("remove", () -> backend.remove(id));
        UploadRecord upload = log.uploadRecord();
        calls.put("begin", () -> backend.uploads().begin(upload));
        calls.put("get upload", () -> backend.uploads().get(upload.id()));
        calls.put("replace", () -> backend.uploads().replace(upload, upload.dead(1)));
        calls.put("scan uploads", () -> backend.uploads().scan(ScanScope.ALL, Long.MAX_VALUE));
        calls.put("remove upload", () -> backend.uploads().remove(upload.id()));
        calls.put("pin", () -> backend.pins().pin("operations"));
        calls.put("any", () -> backend.pins().any());
        calls.put("list", () -> backend.pins().list());
        calls.put("unpin", () -> backend.pins().unpin("operations"));
        return calls;
    }

    @Nested
    class EveryCall extends LogCallRules {
        EveryCall() {
            super(ChangeLogConformanceTest.this);
        }
    }

    @Nested
    class AppendingAndRemoving extends AppendRules {
        AppendingAndRemoving() {
            super(ChangeLogConformanceTest.this);
        }
    }

    @Nested
    class Claiming extends ClaimRules {
        Claiming() {
            super(ChangeLogConformanceTest.this);
        }
    }

    @Nested
    class Deferring extends DeferRules {
        Deferring() {
            super(ChangeLogConformanceTest.this);
        }
    }

    @Nested
    class Scanning extends LogScanRules {
        Scanning() {
            super(ChangeLogConformanceTest.this);
        }
    }

    @Nested
    class Referring extends ReferencedRules {
        Referring() {
            super(ChangeLogConformanceTest.this);
        }
    }

    @Nested
    class RememberingUploads extends UploadRecordRules {
        RememberingUploads() {
            super(ChangeLogConformanceTest.this);
        }
    }

    @Nested
    class FindingUploads extends UploadScanRules {
        FindingUploads() {
            super(ChangeLogConformanceTest.this);
        }
    }

    @Nested
    class Pinning extends PinRules {
        Pinning() {
            super(ChangeLogConformanceTest.this);
        }
    }
}
