// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.model;

import java.util.List;

/** Requests to the tier of blobs. */
final class BlobCalls {
    private BlobCalls() {}

    /** The step of an upload that makes the blob visible. */
    record Put(String blob) implements Rpc<Boolean> {
        @Override
        public Done<Boolean> on(World world, Rules rules) {
            World.Blobs blobs = world.blobs();
            return new Done<>(world.with(new World.Blobs(World.plus(blobs.visible(), blob), blobs.sessions())), true);
        }
    }

    record Delete(String blob) implements Rpc<Boolean> {
        @Override
        public Done<Boolean> on(World world, Rules rules) {
            World.Blobs blobs = world.blobs();
            return new Done<>(world.with(new World.Blobs(World.minus(blobs.visible(), blob), blobs.sessions())), true);
        }
    }

    record Exists(String blob) implements Rpc<Boolean> {
        @Override
        public Done<Boolean> on(World world, Rules rules) {
            return new Done<>(world, world.blobs().visible().contains(blob));
        }
    }

    record ListAll() implements Rpc<List<String>> {
        @Override
        public Done<List<String>> on(World world, Rules rules) {
            return new Done<>(world, List.copyOf(world.blobs().visible()));
        }
    }

    /** Makes a blob of a multipart session, which is gone then. False: the session is gone already. */
    record CompleteSession(String session, String blob) implements Rpc<Boolean> {
        @Override
        public Done<Boolean> on(World world, Rules rules) {
            World.Blobs blobs = world.blobs();
            if (!blobs.sessions().contains(session)) {
                return new Done<>(world, false);
            }
            return new Done<>(
                    world.with(
                            new World.Blobs(World.plus(blobs.visible(), blob), World.minus(blobs.sessions(), session))),
                    true);
        }
    }

    record AbortSession(String session) implements Rpc<Boolean> {
        @Override
        public Done<Boolean> on(World world, Rules rules) {
            World.Blobs blobs = world.blobs();
            return new Done<>(
                    world.with(new World.Blobs(blobs.visible(), World.minus(blobs.sessions(), session))), true);
        }
    }
}
