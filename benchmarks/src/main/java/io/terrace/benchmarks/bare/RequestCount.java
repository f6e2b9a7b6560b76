// SPDX-License-Identifier: Apache-2.0
package io.terrace.benchmarks.bare;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.MethodDescriptor;
import java.util.concurrent.atomic.AtomicLong;

/** Counts what goes out on a connection. */
record RequestCount(AtomicLong requests) implements ClientInterceptor {

    @Override
    public <A, B> ClientCall<A, B> interceptCall(MethodDescriptor<A, B> method, CallOptions options, Channel next) {
        requests.incrementAndGet();
        return next.newCall(method, options);
    }
}
