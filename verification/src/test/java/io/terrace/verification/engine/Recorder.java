// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.common.KeyValue;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.tck.TestObservationRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Keeps what it is told of, in a registry that also checks that observations begin and end as they should. */
final class Recorder implements ObservationHandler<Observation.Context> {

    final TestObservationRegistry registry = TestObservationRegistry.create();
    final List<Observation.Context> started = new ArrayList<>();
    final List<Observation.Context> stopped = new ArrayList<>();

    Recorder() {
        registry.observationConfig().observationHandler(this);
    }

    @Override
    public boolean supportsContext(Observation.Context context) {
        return true;
    }

    @Override
    public void onStart(Observation.Context context) {
        started.add(context);
    }

    @Override
    public void onStop(Observation.Context context) {
        stopped.add(context);
    }

    void reset() {
        started.clear();
        stopped.clear();
    }

    /** What has begun and ended since the last reset, which must be one thing. */
    Observation.Context one() {
        assertThat(started).hasSize(1);
        assertThat(stopped).isEqualTo(started);
        return stopped.get(0);
    }

    static Map<String, String> tags(Observation.Context context) {
        Map<String, String> tags = new TreeMap<>();
        context.getLowCardinalityKeyValues().forEach(tag -> tags.put(tag.getKey(), tag.getValue()));
        return tags;
    }

    /** All that anybody may make a name or a tag of. */
    static List<String> texts(Observation.Context context) {
        Stream<String> names = Stream.of(context.getName(), String.valueOf(context.getContextualName()));
        Stream<String> tags =
                context.getAllKeyValues().stream().flatMap((KeyValue tag) -> Stream.of(tag.getKey(), tag.getValue()));
        return Stream.concat(names, tags).toList();
    }
}
