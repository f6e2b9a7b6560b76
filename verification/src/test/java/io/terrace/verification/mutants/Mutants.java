// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.mutants;

import io.terrace.inmemory.InMemoryBlobs;
import io.terrace.inmemory.InMemoryChangeLog;
import io.terrace.inmemory.InMemoryRows;
import io.terrace.spi.ChangeLog;
import io.terrace.spi.HighVolumeBackend;
import io.terrace.spi.LongTermBackend;
import io.terrace.spi.TerraceRuntime;
import java.util.List;
import java.util.stream.Stream;

/** All wrong backends, by role, and the right ones to compare them with. */
final class Mutants {

    static final Mutant<HighVolumeBackend> RIGHT_ROWS = Mutant.of("nothing", InMemoryRows::create);
    static final Mutant<LongTermBackend> RIGHT_BLOBS = Mutant.of("nothing", clock -> rightBlobs());
    static final Mutant<ChangeLog> RIGHT_LOG = Mutant.of("nothing", clock -> InMemoryChangeLog.create());

    static final List<Mutant<HighVolumeBackend>> ROWS = Stream.of(
                    BackendMutants.ALL,
                    RowMutants.ALL,
                    BlindMutants.ALL,
                    VersionMutants.ALL,
                    BumpMutants.ALL,
                    RowListingMutants.ALL,
                    MultiRowReadMutants.ALL,
                    CollectionMutants.ALL)
            .flatMap(List::stream)
            .toList();

    static final List<Mutant<LongTermBackend>> BLOBS = Stream.of(
                    BlobPutMutants.ALL,
                    BlobGetMutants.ALL,
                    BlobListingMutants.ALL,
                    MultiBlobDeleteMutants.ALL,
                    PartMutants.ALL,
                    CompleteMutants.ALL)
            .flatMap(List::stream)
            .toList();

    static final List<Mutant<ChangeLog>> LOGS = Stream.of(LogMutants.ALL, PinMutants.ALL, UploadRecordMutants.ALL)
            .flatMap(List::stream)
            .toList();

    /** With a smallest part, so that there is a rule about it. */
    static InMemoryBlobs rightBlobs() {
        return InMemoryBlobs.builder(TerraceRuntime.system()).minPartBytes(100).build();
    }

    private Mutants() {}
}
