// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.ByteRange;
import io.terrace.Checksum;
import io.terrace.ObjectId;
import io.terrace.ObjectMetadata;
import io.terrace.Payload;
import io.terrace.spi.Backend;
import io.terrace.spi.BlobId;
import io.terrace.spi.BlobListing;
import io.terrace.spi.Capability;
import io.terrace.spi.ChangeEntry;
import io.terrace.spi.ChangeLog;
import io.terrace.spi.CommitGate;
import io.terrace.spi.Deadline;
import io.terrace.spi.EntryId;
import io.terrace.spi.HighVolumeBackend;
import io.terrace.spi.InlineObject;
import io.terrace.spi.LongTermBackend;
import io.terrace.spi.MarkerCollection;
import io.terrace.spi.MultiBlobDeletes;
import io.terrace.spi.MultiRowReads;
import io.terrace.spi.MultipartUploads;
import io.terrace.spi.Pins;
import io.terrace.spi.RowChange;
import io.terrace.spi.RowHead;
import io.terrace.spi.RowListing;
import io.terrace.spi.RowProjection;
import io.terrace.spi.RowVersion;
import io.terrace.spi.RowWrite;
import io.terrace.spi.ScanScope;
import io.terrace.spi.UploadLimits;
import io.terrace.spi.UploadRecord;
import io.terrace.spi.UploadRecords;
import io.terrace.spi.UploadSecret;
import io.terrace.spi.UploadSession;
import io.terrace.spi.UploadSessionListing;
import io.terrace.spi.WriteId;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Every method of every SPI goes through the interceptor, to the method of the same name, with the same arguments. */
class InterceptionIsCompleteTest {

    private static final ObjectId OBJECT = ObjectId.parse("photos/_/cat");
    private static final UUID SOME_UUID = UUID.fromString("01890a5d-ac96-774b-bcce-b302099a8057");
    private static final BlobId BLOB = new BlobId(OBJECT, SOME_UUID);
    private static final EntryId ENTRY = new EntryId(SOME_UUID);

    private static final UploadRecord UPLOAD =
            UploadRecord.open(new UploadSession(BLOB, "token"), new UploadSecret(3, 4), ObjectMetadata.defaults(), 5);

    /** One value for each type of argument; a method with another one fails this test until it is added. */
    private static final Map<Class<?>, Object> ARGUMENTS = Map.ofEntries(
            Map.entry(ObjectId.class, OBJECT),
            Map.entry(BlobId.class, BLOB),
            Map.entry(EntryId.class, ENTRY),
            Map.entry(WriteId.class, new WriteId(1, 2)),
            Map.entry(RowProjection.class, RowProjection.FULL),
            Map.entry(
                    InlineObject.class,
                    new InlineObject(ObjectMetadata.defaults(), Deadline.NONE, ByteBuffer.allocate(1))),
            Map.entry(RowVersion.class, RowVersion.ABSENT),
            Map.entry(RowWrite.class, new RowWrite.Marker(new WriteId(1, 2))),
            Map.entry(RowHead.class, RowHead.ABSENT),
            Map.entry(RowChange.class, RowChange.fence(3)),
            Map.entry(ObjectMetadata.class, ObjectMetadata.defaults()),
            Map.entry(Payload.class, Payload.ofText("x")),
            Map.entry(CommitGate.class, CommitGate.OPEN),
            Map.entry(ByteRange.class, ByteRange.from(0)),
            Map.entry(ChangeEntry.class, ChangeEntry.open(ENTRY, OBJECT, BLOB, WriteId.NONE, List.of())),
            Map.entry(UploadSession.class, UPLOAD.session()),
            Map.entry(UploadRecord.class, UPLOAD),
            Map.entry(Checksum.class, Checksum.crc32c(7)),
            Map.entry(int.class, 1),
            Map.entry(long.class, 2L),
            Map.entry(ScanScope.class, ScanScope.ALL),
            Map.entry(List.class, List.of(BLOB)),
            Map.entry(Collection.class, List.of(BLOB)),
            Map.entry(String.class, "name"));

    /** Methods that do no work; each is checked by a test of its own below. */
    private static final Set<String> WITHOUT_WORK =
            Set.of("name", "capabilities", "facet", "retention", "limits", "maxBlobs", "maxRows", "pins", "uploads");

    private final List<String> reached = new ArrayList<>();
    private final TrafficRecorder traffic = new TrafficRecorder();

    /** Answers nothing and remembers who was asked what. */
    private <T> T probe(Class<T> type, Map<Class<?>, Object> parts) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, method, args) -> {
            if (method.getName().equals("facet")) {
                return Optional.ofNullable(parts.get(args[0]));
            }
            if (parts.containsKey(method.getReturnType())) {
                return parts.get(method.getReturnType());
            }
            String asked = method.getName() + (args == null ? "[]" : Arrays.toString(args));
            if (method.getReturnType() == Mono.class) {
                return Mono.fromRunnable(() -> reached.add(asked));
            }
            if (method.getReturnType() == Flux.class) {
                return Flux.from(Mono.fromRunnable(() -> reached.add(asked)));
            }
            return method.getReturnType() == int.class ? 1 : null;
        }));
    }

    private Set<SpiOperation> callEverything(Class<?> type, Object wrapped) throws ReflectiveOperationException {
        Set<SpiOperation> seen = EnumSet.noneOf(SpiOperation.class);
        for (Method method : type.getMethods()) {
            if (WITHOUT_WORK.contains(method.getName())) {
                continue;
            }
            traffic.reset();
            reached.clear();
            Object[] args = Arrays.stream(method.getParameterTypes())
                    .map(parameter -> Optional.ofNullable(ARGUMENTS.get(parameter))
                            .orElseThrow(() -> new AssertionError("no argument for " + method)))
                    .toArray();
            Object answer = method.invoke(wrapped, args);
            assertThat(reached).as("%s before subscription", method).isEmpty();
            Flux.from((Publisher<?>) answer).blockLast(Duration.ofSeconds(5));

            assertThat(traffic.operations()).as("%s is seen", method).hasSize(1);
            assertThat(reached)
                    .as("%s arrives", method)
                    .containsExactly(method.getName() + (args.length == 0 ? "[]" : Arrays.toString(args)));
            assertThat(seen.addAll(traffic.operations()))
                    .as("%s has an operation of its own", method)
                    .isTrue();
        }
        return seen;
    }

    @Test
    void everyMethodOfEveryRoleAndFacetIsSeenAndArrives() throws ReflectiveOperationException {
        HighVolumeBackend rows = traffic.rows(probe(
                HighVolumeBackend.class,
                Map.of(
                        RowListing.class, probe(RowListing.class, Map.of()),
                        MultiRowReads.class, probe(MultiRowReads.class, Map.of()),
                        MarkerCollection.class, probe(MarkerCollection.class, Map.of()))));
        LongTermBackend blobs = traffic.blobs(probe(
                LongTermBackend.class,
                Map.of(
                        BlobListing.class, probe(BlobListing.class, Map.of()),
                        MultiBlobDeletes.class, probe(MultiBlobDeletes.class, Map.of()),
                        MultipartUploads.class, probe(MultipartUploads.class, Map.of()),
                        UploadSessionListing.class, probe(UploadSessionListing.class, Map.of()))));
        ChangeLog log = traffic.changeLog(probe(
                ChangeLog.class,
                Map.of(
                        Pins.class, probe(Pins.class, Map.of()),
                        UploadRecords.class, probe(UploadRecords.class, Map.of()))));

        Set<SpiOperation> seen = EnumSet.noneOf(SpiOperation.class);
        seen.addAll(callEverything(HighVolumeBackend.class, rows));
        seen.addAll(
                callEverything(RowListing.class, rows.facet(RowListing.class).orElseThrow()));
        seen.addAll(callEverything(
                MultiRowReads.class, rows.facet(MultiRowReads.class).orElseThrow()));
        seen.addAll(callEverything(
                MarkerCollection.class, rows.facet(MarkerCollection.class).orElseThrow()));
        seen.addAll(callEverything(LongTermBackend.class, blobs));
        seen.addAll(
                callEverything(BlobListing.class, blobs.facet(BlobListing.class).orElseThrow()));
        seen.addAll(callEverything(
                MultiBlobDeletes.class, blobs.facet(MultiBlobDeletes.class).orElseThrow()));
        seen.addAll(callEverything(
                MultipartUploads.class, blobs.facet(MultipartUploads.class).orElseThrow()));
        seen.addAll(callEverything(
                UploadSessionListing.class,
                blobs.facet(UploadSessionListing.class).orElseThrow()));
        seen.addAll(callEverything(ChangeLog.class, log));
        seen.addAll(callEverything(Pins.class, log.pins()));
        seen.addAll(callEverything(UploadRecords.class, log.uploads()));

        assertThat(seen).as("no operation is dead").isEqualTo(EnumSet.allOf(SpiOperation.class));
    }

    @Test
    void whatABackendIsAndCanIsPassedThrough() {
        FakeRows store = new FakeRows();
        HighVolumeBackend rows = traffic.rows(store);
        assertThat(rows.name()).isEqualTo("fake");
        assertThat(rows.capabilities()).containsExactly(Capability.DURABLE);
        assertThat(rows.facet(RowListing.class)).isPresent();
        assertThat(rows.facet(BlobListing.class)).isEmpty();
        assertThat(rows.facet(Backend.class)).contains(rows);
        assertThat(rows.facet(FakeRows.class))
                .as("a facet that the kit does not know")
                .contains(store);
        UploadLimits limits = new UploadLimits(7, 8, 9);
        LongTermBackend limited = traffic.blobs(probe(
                LongTermBackend.class,
                Map.of(MultipartUploads.class, probe(MultipartUploads.class, Map.of(UploadLimits.class, limits)))));
        assertThat(limited.facet(MultipartUploads.class).orElseThrow().limits()).isEqualTo(limits);
        assertThat(traffic.rows(probe(
                                HighVolumeBackend.class,
                                Map.of(MultiRowReads.class, probe(MultiRowReads.class, Map.of(int.class, 17)))))
                        .facet(MultiRowReads.class)
                        .orElseThrow()
                        .maxRows())
                .isEqualTo(17);
        assertThat(traffic.blobs(probe(
                                LongTermBackend.class,
                                Map.of(MultiBlobDeletes.class, probe(MultiBlobDeletes.class, Map.of(int.class, 19)))))
                        .facet(MultiBlobDeletes.class)
                        .orElseThrow()
                        .maxBlobs())
                .isEqualTo(19);
        MarkerCollection collection = probeOfRetention();
        HighVolumeBackend collecting =
                traffic.rows(probe(HighVolumeBackend.class, Map.of(MarkerCollection.class, collection)));
        assertThat(collecting.facet(MarkerCollection.class).orElseThrow().retention())
                .isEqualTo(Duration.ofHours(1));
    }

    private static MarkerCollection probeOfRetention() {
        return new MarkerCollection() {
            @Override
            public Duration retention() {
                return Duration.ofHours(1);
            }

            @Override
            public Mono<Long> collectMarkers() {
                return Mono.just(0L);
            }
        };
    }
}
