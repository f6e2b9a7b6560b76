// SPDX-License-Identifier: Apache-2.0
package io.terrace.examples.quickstart;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.terrace.GetOptions;
import io.terrace.ObjectId;
import io.terrace.ObjectMetadata;
import io.terrace.Payload;
import io.terrace.tiered.TieredObjectStore;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A store in a directory: one object in, the same object out. */
public final class Quickstart {

    private Quickstart() {}

    /** Blocks, as an example may; an application composes the publishers instead. */
    public static void main(String... arguments) {
        System.out.println(run(arguments.length == 0 ? "data" : arguments[0]));
    }

    static @Nullable String run(String directory) {
        // README
        Map<String, String> disk = Map.of("path", directory);
        TieredObjectStore store = TieredObjectStore.builder()
                .highVolume("localfs", disk)
                .longTerm("localfs", disk)
                .changeLog("localfs", disk)
                .build();
        ObjectId id = ObjectId.parse("media/org=17;project=42/hello.txt");
        String text = store.put(id, ObjectMetadata.of("text/plain"), Payload.ofText("Hello, tiers!"))
                .then(store.withObject(id, GetOptions.all(), object -> object.body()
                        .map(bytes -> UTF_8.decode(bytes).toString())
                        .collect(Collectors.joining())))
                .block();
        store.closeLater(Duration.ofSeconds(10)).block();
        // README
        return text;
    }
}
