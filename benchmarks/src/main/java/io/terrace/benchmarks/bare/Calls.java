// SPDX-License-Identifier: Apache-2.0
package io.terrace.benchmarks.bare;

import java.util.Map;

/** One side: its calls by their names, which are the same on all sides. */
@FunctionalInterface
interface Calls {

    Map<String, Call> of(Sample sample) throws Exception;
}
