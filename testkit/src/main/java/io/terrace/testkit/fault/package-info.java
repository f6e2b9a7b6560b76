// SPDX-License-Identifier: Apache-2.0
/**
 * What stands between the engine and its backends in a test: every call of an SPI can be recorded, or made to fail before
 * its effect, after it, or late.
 *
 * <p>{@link io.terrace.testkit.fault.SpiInterceptor} wraps a backend; {@link io.terrace.testkit.fault.FaultInjector} and
 * {@link io.terrace.testkit.fault.TrafficRecorder} are the ready-made ones, and they can be stacked:
 *
 * <pre>{@code
 * var faults = new FaultInjector(FaultPlan.on(ROW_CAS, 1, Fault.APPLIED_THEN_LOST));
 * var traffic = new TrafficRecorder();
 * HighVolumeBackend rows = traffic.rows(faults.rows(backend));
 * // ... run the code under test on rows ...
 * assertThat(traffic.operations()).containsExactly(ROW_READ, ROW_CAS, ROW_READ);
 * assertThat(faults.injected(Fault.APPLIED_THEN_LOST)).isEqualTo(1);
 * }</pre>
 *
 * <p>{@link io.terrace.testkit.fault.FaultyTcpProxy} does the same one floor below, to the connection of a backend to its server.
 */
@NullMarked
package io.terrace.testkit.fault;

import org.jspecify.annotations.NullMarked;
