// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.terrace.ObjectContext;
import io.terrace.ObjectInfo;
import io.terrace.StoredObject;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxOperator;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoOperator;
import reactor.util.context.ContextView;

/**
 * Makes an observation of each subscription to what the store returns. With a registry that observes nothing, what is given
 * is returned as it is.
 *
 * <p>The parent is the observation in the context of the subscriber, else the current one of the thread. An observer that
 * fails is logged, and harms no operation.
 */
final class Observed {

    /** Where libraries on Reactor keep the current observation: the key of Micrometer's accessor for context propagation. */
    static final String CONTEXT_KEY = "micrometer.observation";

    private static final Logger LOG = LoggerFactory.getLogger(Observed.class);

    private final ObservationRegistry registry;
    private final Policies policies;

    Observed(ObservationRegistry registry, Policies policies) {
        this.registry = registry;
        this.policies = policies;
    }

    /** @param context of the object that it is about */
    <T> Mono<T> mono(Operation operation, ObjectContext context, Mono<T> work) {
        return registry.isNoop() ? work : new ObservedMono<>(work, new Subject(operation, context));
    }

    /** Maintenance, which is about no object. */
    <T> Mono<T> mono(Operation operation, Mono<T> work) {
        return registry.isNoop() ? work : new ObservedMono<>(work, new Subject(operation, null));
    }

    <T> Flux<T> flux(Operation operation, ObjectContext context, Flux<T> work) {
        return registry.isNoop() ? work : new ObservedFlux<>(work, new Subject(operation, context));
    }

    <T> Flux<T> flux(Operation operation, Flux<T> work) {
        return registry.isNoop() ? work : new ObservedFlux<>(work, new Subject(operation, null));
    }

    /** What is being observed. */
    final class Subject {

        private final Operation operation;
        private final @Nullable ObjectContext context;

        Subject(Operation operation, @Nullable ObjectContext context) {
            this.operation = operation;
            this.context = context;
        }

        Operation operation() {
            return operation;
        }

        <T> CoreSubscriber<? super T> observe(CoreSubscriber<? super T> caller, boolean one) {
            Observation observation = start(caller.currentContext());
            return observation.isNoop() ? caller : new ObservedRun<>(this, observation, caller, one);
        }

        private Observation start(ContextView caller) {
            try {
                Instrument instrument = operation.instrument();
                Observation observation = Observation.createNotStarted(instrument.label(), registry)
                        .contextualName("terrace " + operation.label())
                        .lowCardinalityKeyValue(TagKey.OPERATION.key(), operation.label());
                if (context != null) {
                    observation.lowCardinalityKeyValue(TagKey.USECASE.key(), usecase(context));
                }
                if (caller.getOrDefault(CONTEXT_KEY, null) instanceof Observation parent) {
                    observation.parentObservation(parent);
                }
                return observation.start();
            } catch (RuntimeException broken) {
                LOG.warn("a {} is not observed, since an observer failed", operation.label(), broken);
                return Observation.NOOP;
            }
        }

        private String usecase(ObjectContext context) {
            return policies.byUsecase().containsKey(context.usecase()) ? context.usecase() : TagKey.OTHER;
        }

        /** Ends the observation; to be called once. */
        void stop(Observation observation, Outcome outcome, @Nullable Object answer, @Nullable Throwable error) {
            guard(() -> {
                observation.lowCardinalityKeyValue(TagKey.OUTCOME.key(), outcome.label());
                observation.lowCardinalityKeyValue(
                        TagKey.CODE.key(), error == null ? TagKey.NONE : Outcome.code(error));
                if (context != null) {
                    observation.lowCardinalityKeyValue(TagKey.TIER.key(), tier(context, answer));
                }
                if (error != null) {
                    observation.error(error);
                }
            });
            // On its own: one observer that fails at the error leaves no span of another one open.
            guard(observation::stop);
        }

        private void guard(Runnable step) {
            try {
                step.run();
            } catch (RuntimeException broken) {
                LOG.warn("an observer of a {} failed", operation.label(), broken);
            }
        }

        private String tier(ObjectContext context, @Nullable Object answer) {
            return switch (operation) {
                case GET -> tier(answer instanceof StoredObject, answer instanceof LargeObject);
                case PUT, COPY ->
                    answer instanceof ObjectInfo stored
                            ? tier(true, stored.size() > policies.inlineThreshold(context))
                            : TagKey.NONE;
                case UPLOAD_PART, COMPLETE -> tier(answer != null, true);
                default -> TagKey.NONE;
            };
        }

        private static String tier(boolean answered, boolean blob) {
            return !answered ? TagKey.NONE : blob ? "blob" : "inline";
        }
    }

    private static final class ObservedMono<T> extends MonoOperator<T, T> {

        private final Subject subject;

        ObservedMono(Mono<T> work, Subject subject) {
            super(work);
            this.subject = subject;
        }

        @Override
        public void subscribe(CoreSubscriber<? super T> caller) {
            source.subscribe(subject.observe(caller, true));
        }
    }

    private static final class ObservedFlux<T> extends FluxOperator<T, T> {

        private final Subject subject;

        ObservedFlux(Flux<T> work, Subject subject) {
            super(work);
            this.subject = subject;
        }

        @Override
        public void subscribe(CoreSubscriber<? super T> caller) {
            source.subscribe(subject.observe(caller, false));
        }
    }
}
