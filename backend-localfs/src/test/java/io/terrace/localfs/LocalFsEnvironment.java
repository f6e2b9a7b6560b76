// SPDX-License-Identifier: Apache-2.0
package io.terrace.localfs;

import io.terrace.spi.Backend;
import io.terrace.testkit.BackendEnvironment;
import io.terrace.testkit.runtime.ManualRuntime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * One role on a directory of its own, which must hold nothing unfinished at the end. Without fsync, which decides about
 * power failures only and takes most of the time; tests of their own look at those.
 */
final class LocalFsEnvironment<B extends Backend> implements BackendEnvironment<B> {

    private final Path parent;
    private Path root;
    private final Function<LocalFs, B> role;
    private final ManualRuntime clock = new ManualRuntime(1);
    private final List<B> abandoned = new ArrayList<>();

    LocalFsEnvironment(Path parent, Function<LocalFs, B> role) {
        this.parent = parent;
        this.root = newDirectory();
        this.role = role;
    }

    @Override
    public B create() {
        return role.apply(LocalFs.builder(root, clock).fsync(Fsync.NEVER).build());
    }

    @Override
    public B share(B backend) {
        return create();
    }

    /** On a copy: the files as another process would find them, without the locks that this one keeps. */
    @Override
    public B reopen(B backend) {
        abandoned.add(backend);
        Path copy = newDirectory();
        Samples.copyStore(root, copy);
        root = copy;
        return create();
    }

    @Override
    public void cleanup(B backend) {
        BackendEnvironment.super.cleanup(backend);
        abandoned.forEach(BackendEnvironment.super::cleanup);
        abandoned.clear();
        try {
            if (!Samples.filesBelow(root.resolve("tmp")).isEmpty()) {
                throw new AssertionError("left behind: " + Samples.filesBelow(root.resolve("tmp")));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path newDirectory() {
        try {
            return Files.createTempDirectory(parent, "store");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Optional<ManualRuntime> clock() {
        return Optional.of(clock);
    }
}
