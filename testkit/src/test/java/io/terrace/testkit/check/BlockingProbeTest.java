// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import reactor.blockhound.BlockHound;
import reactor.blockhound.BlockingOperationError;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.NonBlocking;
import reactor.core.scheduler.Schedulers;

class BlockingProbeTest {

    private static final String FLAG = "-XX:+AllowRedefinitionToAddDeleteMethods";

    @TempDir
    Path directory;

    private FileChannel channel;
    private RandomAccessFile random;

    @BeforeEach
    void open() throws IOException {
        Path file = Files.write(directory.resolve("file"), new byte[100]);
        channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
        random = new RandomAccessFile(file.toFile(), "rw");
    }

    @AfterEach
    void close() throws IOException {
        channel.close();
        random.close();
        BlockedCalls.drain();
    }

    private static Throwable onParallelThread(Callable<?> call) {
        List<Throwable> errors = new ArrayList<>();
        Mono.fromCallable(call)
                .subscribeOn(Schedulers.parallel())
                .onErrorResume(error -> {
                    errors.add(error);
                    return Mono.empty();
                })
                .block(Duration.ofSeconds(10));
        return errors.isEmpty() ? null : errors.get(0);
    }

    @Test
    void itIsOnWithoutAnybodyHavingAskedForIt() {
        assertThat(onParallelThread(() -> {
                    Thread.sleep(1);
                    return "";
                }))
                .isInstanceOf(BlockingOperationError.class);
    }

    @Test
    void itProvesThatItIsOn() {
        assertThatCode(BlockingProbe::assertInstalled).doesNotThrowAnyException();
        assertThatCode(BlockingProbe::assertNothingBlocked)
                .as("its own attempts do not count")
                .doesNotThrowAnyException();
    }

    @TestFactory
    Stream<DynamicTest> everyWayToAFileIsFound() {
        Path file = directory.resolve("file");
        return Stream.of(
                found("channel read", () -> channel.read(ByteBuffer.allocate(1))),
                found("channel read at", () -> channel.read(ByteBuffer.allocate(1), 0)),
                found("channel scatter", () -> channel.read(new ByteBuffer[] {ByteBuffer.allocate(1)})),
                found("channel write", () -> channel.write(ByteBuffer.allocate(1))),
                found("channel write at", () -> channel.write(ByteBuffer.allocate(1), 0)),
                found("channel gather", () -> channel.write(new ByteBuffer[] {ByteBuffer.allocate(1)})),
                found("channel force", () -> {
                    channel.force(true);
                    return "";
                }),
                found(
                        "channel transferTo",
                        () -> channel.transferTo(0, 1, Channels.newChannel(OutputStream.nullOutputStream()))),
                found(
                        "channel transferFrom",
                        () -> channel.transferFrom(Channels.newChannel(InputStream.nullInputStream()), 0, 1)),
                found("channel truncate", () -> channel.truncate(1)),
                found("channel lock", () -> {
                    try (FileLock lock = channel.lock()) {
                        return lock;
                    }
                }),
                found("map force", () -> channel.map(FileChannel.MapMode.READ_WRITE, 0, 10)
                        .force()),
                found("descriptor sync", () -> {
                    random.getFD().sync();
                    return "";
                }),
                found("random access read", random::read),
                found("random access write", () -> {
                    random.write(1);
                    return "";
                }),
                found("open a channel", () -> FileChannel.open(file)),
                found("read all bytes", () -> Files.readAllBytes(file)),
                found("list", () -> {
                    try (DirectoryStream<Path> list = Files.newDirectoryStream(directory)) {
                        return list;
                    }
                }),
                found("create a directory", () -> Files.createDirectory(directory.resolve("d"))),
                found("link", () -> Files.createLink(directory.resolve("l"), file)),
                found("delete", () -> Files.deleteIfExists(directory.resolve("x"))),
                found("copy", () -> Files.copy(file, directory.resolve("c"))),
                found("move", () -> Files.move(file, file)),
                found("readable", () -> Files.isReadable(file)),
                found("writable", () -> Files.isWritable(file)),
                found("exists", () -> Files.exists(file)),
                found("does not exist", () -> Files.notExists(file)),
                found("is a file", () -> Files.isRegularFile(file)),
                found("is a directory", () -> Files.isDirectory(file)),
                found("size", () -> Files.size(file)));
    }

    private static DynamicTest found(String what, Callable<?> call) {
        return DynamicTest.dynamicTest(what, () -> {
            assertThat(onParallelThread(call)).isInstanceOf(BlockingOperationError.class);
            assertThatThrownBy(BlockingProbe::assertNothingBlocked).isInstanceOf(AssertionError.class);
            assertThatCode(call::call).as("on a thread that may block").doesNotThrowAnyException();
        });
    }

    @Test
    void everyCallInTheTableExistsInThisJdk() throws ReflectiveOperationException {
        for (FileCalls.Call call : FileCalls.EVERYWHERE) {
            Method method = Class.forName(call.type())
                    .getDeclaredMethod(call.method(), call.signature().parameterArray());
            assertThat(method.getReturnType())
                    .as(call.toString())
                    .isEqualTo(call.signature().returnType());
        }
    }

    @Test
    void whatBlockedIsRememberedThoughTheErrorWasHandledAndForgottenOnceItWasTold() {
        onParallelThread(() -> channel.size() + channel.read(ByteBuffer.allocate(1)));
        assertThatThrownBy(BlockingProbe::assertNothingBlocked)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("FileChannelImpl#read")
                .hasRootCauseInstanceOf(BlockingOperationError.class);
        assertThatCode(BlockingProbe::assertNothingBlocked).doesNotThrowAnyException();
    }

    @Test
    void boundedElasticThreadsMayBlock() {
        Mono.fromCallable(() -> channel.read(ByteBuffer.allocate(1)))
                .subscribeOn(Schedulers.boundedElastic())
                .block(Duration.ofSeconds(10));
        assertThatCode(BlockingProbe::assertNothingBlocked).doesNotThrowAnyException();
    }

    @Test
    void withoutTheFlagItSaysWhichFlagIsMissing() throws Exception {
        assertThat(inJvm(classPath(), Forgetful.class, "-Xshare:auto"))
                .contains("could not be switched on")
                .contains(FLAG);
    }

    @Test
    void withoutBlockHoundItSaysWhatToAdd() throws Exception {
        String without = Stream.of(classPath().split(File.pathSeparator))
                .filter(entry -> !entry.contains("blockhound"))
                .reduce((a, b) -> a + File.pathSeparator + b)
                .orElseThrow();
        assertThat(inJvm(without, Forgetful.class, FLAG))
                .contains("not on the class path")
                .contains("io.projectreactor.tools:blockhound");
    }

    @Test
    void aBlockHoundThatDoesNotKnowFilesIsNotTrusted() throws Exception {
        assertThat(inJvm(classPath(), Unprepared.class, FLAG))
                .contains("BlockHound is on, but did not find that FileChannel.read blocks");
    }

    private static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }

    private static String inJvm(String classPath, Class<?> main, String flag) throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process process = new ProcessBuilder(java, flag, "-XX:TieredStopAtLevel=1", "-cp", classPath, main.getName())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return output;
    }

    /** A user who left something out. */
    static final class Forgetful {
        private Forgetful() {}

        public static void main(String[] args) {
            try {
                BlockingProbe.assertInstalled();
                System.out.println("installed");
            } catch (IllegalStateException missing) {
                System.out.println(missing.getMessage());
            }
        }
    }

    /** Somebody who installs BlockHound first, and nothing but that. */
    static final class Unprepared {
        private Unprepared() {}

        public static void main(String[] args) {
            BlockHound.builder()
                    .nonBlockingThreadPredicate(known -> known.or(NonBlocking.class::isInstance))
                    .install();
            try {
                BlockingProbe.assertInstalled();
                System.out.println("installed");
            } catch (AssertionError blind) {
                System.out.println(blind.getMessage());
            }
        }
    }
}
