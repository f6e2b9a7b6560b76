// SPDX-License-Identifier: Apache-2.0
/**
 * The conformance kit: what a backend must do, as tests that carry the numbers of the rules.
 *
 * <p>A backend's author extends {@link io.terrace.testkit.HighVolumeConformanceTest},
 * {@link io.terrace.testkit.LongTermConformanceTest} or {@link io.terrace.testkit.ChangeLogConformanceTest} and says with a
 * {@link io.terrace.testkit.BackendEnvironment} where the backend comes from. Each test is one rule of {@code docs/spec}.
 * {@link io.terrace.testkit.ProviderConformanceTest} does the same for the provider that makes the backend known by its name.
 */
@NullMarked
package io.terrace.testkit;

import org.jspecify.annotations.NullMarked;
