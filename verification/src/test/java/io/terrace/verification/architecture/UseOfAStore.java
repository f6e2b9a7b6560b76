// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.architecture;

import io.micrometer.observation.ObservationRegistry;
import io.terrace.GetOptions;
import io.terrace.ObjectId;
import io.terrace.ObjectMetadata;
import io.terrace.Payload;
import io.terrace.inmemory.InMemoryBlobs;
import io.terrace.inmemory.InMemoryChangeLog;
import io.terrace.inmemory.InMemoryRows;
import io.terrace.spi.TerraceRuntime;
import io.terrace.tiered.TieredObjectStore;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Callable;

/** Puts and gets an object; to be loaded where a library is missing. */
public final class UseOfAStore implements Callable<String> {

    @Override
    public String call() {
        TieredObjectStore store = TieredObjectStore.builder()
                .highVolume(InMemoryRows.create(TerraceRuntime.system()))
                .longTerm(InMemoryBlobs.create())
                .changeLog(InMemoryChangeLog.create())
                .observations(ObservationRegistry.create())
                .build();
        ObjectId id = ObjectId.parse("tests/_/object");
        return store.put(id, ObjectMetadata.defaults(), Payload.ofText("stored without micrometer-core"))
                .then(store.withObject(id, GetOptions.all(), object -> object.body()
                        .map(bytes -> StandardCharsets.UTF_8.decode(bytes).toString())
                        .single()))
                .delayUntil(text -> store.closeLater(Duration.ofSeconds(5)))
                .block(Duration.ofSeconds(10));
    }
}
