// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.terrace.ConfigurationException;
import io.terrace.ExpirationPolicy;
import io.terrace.InvalidMetadataException;
import io.terrace.MetadataPatch;
import io.terrace.ObjectContext;
import io.terrace.ObjectId;
import io.terrace.ObjectInfo;
import io.terrace.ObjectMetadata;
import io.terrace.Payload;
import io.terrace.PutOptions;
import io.terrace.spi.RowKind;
import io.terrace.tiered.UsecasePolicy;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

/** What a store refuses, and where it puts things, by use case. */
class UsecasePolicyTest {

    private static final String USECASE = Engine.ID.context().usecase();
    private static final Duration HOUR = Duration.ofHours(1);

    @Test
    void whatThePolicyForbidsIsRefusedBeforeAnythingIsReadOrWritten() {
        Engine engine = engine(UsecasePolicy.builder()
                .forbidManual()
                .forbidTimeToIdle()
                .maxTimeToLive(HOUR)
                .build());
        AtomicBoolean subscribed = new AtomicBoolean();
        Flux<ByteBuffer> body = Flux.defer(() -> {
            subscribed.set(true);
            return Flux.just(ByteBuffer.allocate(1));
        });
        for (ExpirationPolicy refused : List.of(
                ExpirationPolicy.manual(),
                ExpirationPolicy.timeToIdle(Duration.ofSeconds(1)),
                ExpirationPolicy.timeToLive(HOUR.plusSeconds(1)))) {
            assertThatThrownBy(() -> put(engine, refused, Payload.from(body)))
                    .isInstanceOf(InvalidMetadataException.class)
                    .hasMessageContaining("'" + refused + "'")
                    .hasMessageContaining("'" + USECASE + "'");
        }
        assertThat(subscribed).isFalse();
        assertThat(engine.traffic.operations()).isEmpty();
        put(engine, ExpirationPolicy.timeToLive(HOUR), Payload.from(body));
    }

    @Test
    void anUploadInPartsIsAskedWhenItIsBegun() {
        Engine engine = engine(
                UsecasePolicy.builder().forbidManual().maxTimeToLive(HOUR).build());
        assertThatThrownBy(() -> new UploadedParts(engine)).isInstanceOf(InvalidMetadataException.class);
        assertThat(engine.traffic.operations()).isEmpty();

        Engine forgiving = engine(UsecasePolicy.builder()
                .forbidManual()
                .defaultExpiration(ExpirationPolicy.timeToLive(HOUR))
                .build());
        ObjectInfo stored = Objects.requireNonNull(forgiving.finish(new UploadedParts(forgiving).complete()));
        assertThat(stored.metadata().expiration()).isEqualTo(ExpirationPolicy.timeToLive(HOUR));
        forgiving.runtime.advance(HOUR.plusSeconds(1));
        assertThat(forgiving.get()).isNull();
    }

    @Test
    void theErrorSaysWhatIsAllowed() {
        Engine engine = engine(
                UsecasePolicy.builder().maxTimeToIdle(Duration.ofDays(30)).build());
        assertThatThrownBy(() -> put(engine, ExpirationPolicy.timeToIdle(Duration.ofDays(31)), Payload.ofText("x")))
                .hasMessageContaining("a time to idle of at most 30days");
    }

    @Test
    void theDefaultTakesThePlaceOfManual() {
        Engine engine = engine(UsecasePolicy.builder()
                .forbidManual()
                .defaultExpiration(ExpirationPolicy.timeToLive(HOUR))
                .build());
        ObjectInfo stored = put(engine, ExpirationPolicy.manual(), Payload.ofText("x"));
        assertThat(stored.metadata().expiration()).isEqualTo(ExpirationPolicy.timeToLive(HOUR));
        engine.runtime.advance(HOUR.plusSeconds(1));
        assertThat(engine.get()).isNull();
    }

    @Test
    void anUpdateOfTheMetadataAndACopyAreHeldToItToo() {
        Engine engine = engine(UsecasePolicy.builder().forbidTimeToLive().build());
        engine.put("x");
        MetadataPatch patch = MetadataPatch.builder()
                .expiration(ExpirationPolicy.timeToLive(HOUR))
                .build();
        assertThatThrownBy(() -> engine.finish(engine.store.updateMetadata(Engine.ID, patch)))
                .isInstanceOf(InvalidMetadataException.class);
        MetadataPatch harmless = MetadataPatch.builder().filename("f").build();
        assertThat(engine.finish(engine.store.updateMetadata(Engine.ID, harmless)))
                .isNotNull();

        ObjectId elsewhere = ObjectId.of(ObjectContext.of("elsewhere"), "object");
        ObjectMetadata expiring = ObjectMetadata.builder()
                .expiration(ExpirationPolicy.timeToLive(HOUR))
                .build();
        engine.finish(engine.store.put(elsewhere, expiring, Payload.ofText("x")));
        assertThatThrownBy(() -> engine.finish(engine.store.copy(elsewhere, Engine.ID, PutOptions.defaults())))
                .isInstanceOf(InvalidMetadataException.class);
    }

    @Test
    void theThresholdIsThatOfTheUseCase() {
        Engine engine = engine(UsecasePolicy.builder().inlineThreshold(3).build());
        engine.put("abc");
        assertThat(engine.head().kind()).isEqualTo(RowKind.INLINE);
        engine.put("abcd");
        assertThat(engine.head().kind()).isEqualTo(RowKind.TOMBSTONE);
        Flux<ByteBuffer> unannounced = Flux.just(ByteBuffer.allocate(2), ByteBuffer.allocate(2));
        put(engine, ExpirationPolicy.manual(), Payload.from(unannounced));
        assertThat(engine.head().kind()).isEqualTo(RowKind.TOMBSTONE);
    }

    @Test
    void aPolicyThatCannotBeKeptIsRefusedWithEverythingThatIsWrong() {
        assertThatThrownBy(() -> UsecasePolicy.builder()
                        .inlineThreshold(-1)
                        .maxTimeToLive(Duration.ofSeconds(-5))
                        .forbidTimeToIdle()
                        .defaultExpiration(ExpirationPolicy.timeToIdle(HOUR))
                        .build())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("option 'inline-threshold' is '-1'")
                .hasMessageContaining("option 'max-time-to-live' is 'PT-5S'")
                .hasMessageContaining("it allows no time to idle");
        assertThatThrownBy(() -> engine(UsecasePolicy.builder()
                        .inlineThreshold(Engine.THRESHOLD + 1)
                        .build()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("'" + USECASE + "'");
    }

    private static Engine engine(UsecasePolicy policy) {
        return new Engine(builder -> builder.usecase(USECASE, policy));
    }

    private static ObjectInfo put(Engine engine, ExpirationPolicy expiration, Payload payload) {
        ObjectMetadata metadata =
                ObjectMetadata.builder().expiration(expiration).build();
        return Objects.requireNonNull(engine.finish(engine.store.put(Engine.ID, metadata, payload)));
    }
}
