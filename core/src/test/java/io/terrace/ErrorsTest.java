// SPDX-License-Identifier: Apache-2.0
package io.terrace;

import static io.terrace.Determinacy.NOT_APPLIED;
import static io.terrace.Determinacy.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ErrorsTest {
    /** One error per class: its code, determinacy, whether it is retryable, and its backend. */
    static Stream<Arguments> errors() {
        return Stream.of(
                row(new ThrottledException("s3", "slow down", NOT_APPLIED), "backend.throttled", true, "s3"),
                row(new BackendUnavailableException("s3", "down", UNKNOWN), "backend.unavailable", true, "s3"),
                row(new AtCapacityException("busy"), "capacity.exhausted", true, ""),
                row(new DeadlineExceededException("s3", "late", UNKNOWN), "deadline.exceeded", true, "s3"),
                row(new PermissionDeniedException("s3", "no", NOT_APPLIED), "permission.denied", false, "s3"),
                row(new InvalidObjectIdException("bad"), "object-id.invalid", false, ""),
                row(new InvalidMetadataException("bad"), "metadata.invalid", false, ""),
                row(new InvalidRangeException("bad"), "range.invalid", false, ""),
                row(new TooLargeException("big"), "size.too-large", false, ""),
                row(new UnsupportedException("s3", "listing by prefix"), "backend.unsupported", false, "s3"),
                row(new IntegrityException("broken"), "data.corrupt", false, ""),
                row(new DanglingTombstoneException("lost"), "tombstone.dangling", false, ""),
                row(new ConfigurationException("wrong"), "configuration.invalid", false, ""),
                row(new PreconditionFailedException("s3", "changed"), "precondition.failed", false, "s3"),
                row(new RangeNotSatisfiableException("s3", 7), "range.not-satisfiable", false, "s3"),
                row(new OutcomeUnknownException("s3", "the answer was lost"), "outcome.unknown", false, "s3"),
                row(new UploadGoneException("s3", "no such upload"), "upload.gone", false, "s3"),
                row(InvalidPartException.unknownPart("s3", 7), "part.invalid", false, "s3"),
                row(new ClientPayloadException(new IOException("reset")), "payload.failed", false, ""));
    }

    private static Arguments row(TerraceException error, String code, boolean retryable, String backend) {
        return Arguments.of(error, code, retryable, backend);
    }

    @ParameterizedTest
    @MethodSource("errors")
    void eachErrorHasItsCodeAndItsAdvice(TerraceException error, String code, boolean retryable, String backend) {
        assertThat(error.code()).isEqualTo(code);
        assertThat(error.retryable()).isEqualTo(retryable);
        assertThat(error.backend()).isEqualTo(backend);
        assertThat(error instanceof TransientException).isEqualTo(retryable);
    }

    @Test
    void theTableNamesEveryError() throws IOException, URISyntaxException {
        Path classes = Path.of(TerraceException.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        List<Class<?>> concrete = new ArrayList<>();
        try (Stream<Path> files = Files.list(classes.resolve("io/terrace"))) {
            for (Path file : files.toList()) {
                Class<?> type = load(file);
                if (TerraceException.class.isAssignableFrom(type) && !Modifier.isAbstract(type.getModifiers())) {
                    concrete.add(type);
                }
            }
        }
        assertThat(errors().<Class<?>>map(row -> row.get()[0].getClass()))
                .containsExactlyInAnyOrderElementsOf(concrete)
                .hasSizeGreaterThan(10);
    }

    @Test
    void everyErrorIsFinalAndEveryCodeUnique() {
        assertThat(errors().map(row -> row.get()[1])).doesNotHaveDuplicates();
        assertThat(errors().map(row -> row.get()[0].getClass()))
                .allMatch(type -> Modifier.isFinal(type.getModifiers()));
    }

    @Test
    void onlyBackendsAndLostAnswersCanLeaveTheOutcomeUnknown() {
        assertThat(new OutcomeUnknownException("s3", "m").determinacy()).isEqualTo(UNKNOWN);
        assertThat(new DeadlineExceededException("s3", "m", UNKNOWN).determinacy())
                .isEqualTo(UNKNOWN);
        assertThat(new DeadlineExceededException("s3", "m", NOT_APPLIED).determinacy())
                .isEqualTo(NOT_APPLIED);
        assertThat(Stream.of(
                        new AtCapacityException("m"),
                        new InvalidObjectIdException("m"),
                        new InvalidMetadataException("m"),
                        new InvalidRangeException("m"),
                        new TooLargeException("m"),
                        new UnsupportedException("s3", "m"),
                        new IntegrityException("m"),
                        new DanglingTombstoneException("m"),
                        new ConfigurationException("m"),
                        new PreconditionFailedException("s3", "m"),
                        new RangeNotSatisfiableException(7),
                        new UploadGoneException("s3", "m"),
                        InvalidPartException.noParts("s3"),
                        new ClientPayloadException("m")))
                .allMatch(e -> e.determinacy() == NOT_APPLIED);
    }

    @Test
    void aBackendsErrorKeepsItsCauseAndItsOwnCode() throws ReflectiveOperationException {
        Exception cause = new IOException("reset");
        for (Class<?> type : List.of(
                ThrottledException.class,
                BackendUnavailableException.class,
                AtCapacityException.class,
                DeadlineExceededException.class,
                PermissionDeniedException.class,
                TooLargeException.class,
                IntegrityException.class,
                DanglingTombstoneException.class)) {
            Constructor<?> full =
                    type.getConstructor(String.class, String.class, String.class, Determinacy.class, Throwable.class);
            TerraceException error = (TerraceException) full.newInstance("s3", "s3.own", "why", UNKNOWN, cause);
            assertThat(error).hasMessage("why").hasCause(cause);
            assertThat(error.code()).isEqualTo("s3.own");
            assertThat(error.backend()).isEqualTo("s3");
            assertThat(error.determinacy()).isEqualTo(UNKNOWN);

            Constructor<?> short4 = type.getConstructor(String.class, String.class, Determinacy.class, Throwable.class);
            TerraceException plain = (TerraceException) short4.newInstance("s3", "why", UNKNOWN, cause);
            assertThat(plain).hasMessage("why").hasCause(cause);
            assertThat(plain.code()).isNotEqualTo("s3.own");
        }
    }

    @Test
    void anUnknownOutcomeSaysToReadFirst() {
        Exception cause = new IOException("reset");
        assertThat(new OutcomeUnknownException("s3", "the answer was lost", cause))
                .hasMessage("the answer was lost; the write may or may not take effect: "
                        + "read the object before writing again")
                .hasCause(cause);
    }

    @Test
    void anUnsupportedAbilityNamesTheBackendAndTheRemedy() {
        assertThat(new UnsupportedException("s3", "listing by prefix"))
                .hasMessage("backend 's3' does not support listing by prefix; use a backend that declares it");
    }

    @Test
    void aFailedPreconditionCarriesTheCurrentVersionWhereKnown() {
        assertThat(new PreconditionFailedException("s3", "changed").currentVersion())
                .isEmpty();
        assertThat(new PreconditionFailedException("s3", "changed", "v7").currentVersion())
                .contains("v7");
    }

    @Test
    void aFailedPublisherSaysWhatToRepair() {
        Exception cause = new IOException("reset");
        assertThat(new ClientPayloadException(cause))
                .hasMessage("the publisher of the payload failed; nothing was stored, "
                        + "repair the publisher and write again")
                .hasCause(cause);
    }

    private static Class<?> load(Path file) {
        String name = "io.terrace." + file.getFileName().toString().replaceFirst("\\.class$", "");
        try {
            return file.toString().endsWith(".class") ? Class.forName(name) : Object.class;
        } catch (ClassNotFoundException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
