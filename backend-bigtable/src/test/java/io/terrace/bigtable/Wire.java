// SPDX-License-Identifier: Apache-2.0
package io.terrace.bigtable;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.protobuf.MessageLite;
import com.google.rpc.RetryInfo;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.protobuf.ProtoUtils;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Below all that the client repeats by itself: sees each request, and can put an error in the place of an answer. */
final class Wire implements ClientInterceptor {

    /** A mark of the context in which a test makes its call. */
    static final Context.Key<String> OUTER = Context.key("outer");

    private static final Metadata.Key<com.google.rpc.Status> DETAILS = Metadata.Key.of(
            "grpc-status-details-bin", ProtoUtils.metadataMarshaller(com.google.rpc.Status.getDefaultInstance()));

    private final List<String> methods = Collections.synchronizedList(new ArrayList<>());
    private final List<Integer> answerBytes = Collections.synchronizedList(new ArrayList<>());
    private final List<Boolean> fromRoot = Collections.synchronizedList(new ArrayList<>());
    private final List<@Nullable Deadline> deadlines = Collections.synchronizedList(new ArrayList<>());
    private final AtomicInteger toLose = new AtomicInteger();
    private final AtomicInteger toWithhold = new AtomicInteger();
    private final AtomicInteger cancels = new AtomicInteger();
    private volatile Status loss = Status.UNAVAILABLE;
    private volatile @Nullable Runnable whenLost;

    /** The requests since the last call, in their order. */
    List<String> requests() {
        synchronized (methods) {
            List<String> made = List.copyOf(methods);
            methods.clear();
            answerBytes.clear();
            return made;
        }
    }

    /** Bytes of the answers since the last call of {@link #requests()}. */
    int answerBytes() {
        synchronized (answerBytes) {
            return answerBytes.stream().mapToInt(Integer::intValue).sum();
        }
    }

    /** Whether each request was started below no context with the mark. */
    List<Boolean> fromRoot() {
        return fromRoot;
    }

    List<@Nullable Deadline> deadlines() {
        return deadlines;
    }

    /** The next answers are lost after the server has acted. */
    void lose(int answers, Status instead) {
        loss = instead;
        toLose.set(answers);
    }

    /** The next answers do not come. */
    void withhold(int answers) {
        toWithhold.set(answers);
    }

    /** How many requests were cancelled before their end. */
    int cancels() {
        return cancels.get();
    }

    /** What happens between each of these and the next attempt. */
    void whenLost(@Nullable Runnable action) {
        whenLost = action;
    }

    @Override
    public <Q, A> ClientCall<Q, A> interceptCall(MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
        String name = String.valueOf(method.getBareMethodName());
        if (name.equals("PingAndWarm")) {
            return next.newCall(method, options);
        }
        methods.add(name);
        fromRoot.add(OUTER.get() == null);
        deadlines.add(options.getDeadline());
        boolean lose = isNext(toLose);
        boolean withhold = isNext(toWithhold);
        return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
            @Override
            public void start(Listener<A> listener, Metadata headers) {
                super.start(withhold ? new Listener<>() {} : new Answers<>(listener, lose), headers);
            }

            @Override
            public void cancel(@Nullable String message, @Nullable Throwable cause) {
                cancels.incrementAndGet();
                super.cancel(message, cause);
            }
        };
    }

    private static boolean isNext(AtomicInteger some) {
        return some.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
    }

    private final class Answers<A> extends SimpleForwardingClientCallListener<A> {

        private final boolean lose;

        Answers(ClientCall.Listener<A> listener, boolean lose) {
            super(listener);
            this.lose = lose;
        }

        @Override
        public void onMessage(A message) {
            if (message instanceof MessageLite bytes) {
                answerBytes.add(bytes.getSerializedSize());
            }
            if (!lose) {
                super.onMessage(message);
            }
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            if (!lose || !status.isOk()) {
                super.onClose(status, trailers);
                return;
            }
            Status instead = loss;
            Runnable action = whenLost;
            if (action != null) {
                action.run();
            }
            super.onClose(instead, withAdviceToRetry(instead));
        }

        /** Which the client would follow, whatever was said about its repetitions. */
        private Metadata withAdviceToRetry(Status status) {
            RetryInfo advice = RetryInfo.newBuilder()
                    .setRetryDelay(Duration.newBuilder().setNanos(1_000_000))
                    .build();
            Metadata trailers = new Metadata();
            trailers.put(
                    DETAILS,
                    com.google.rpc.Status.newBuilder()
                            .setCode(status.getCode().value())
                            .addDetails(Any.pack(advice))
                            .build());
            return trailers;
        }
    }
}
