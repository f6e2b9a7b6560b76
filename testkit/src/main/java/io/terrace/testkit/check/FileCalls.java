// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit.check;

import java.lang.invoke.MethodType;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.util.List;
import java.util.Set;

/**
 * The calls that reach a disk and that BlockHound does not know by itself. It knows the natives behind streams and
 * {@link java.io.RandomAccessFile}; those behind {@link FileChannel} and {@link java.nio.file.Files} differ from one JDK to
 * the next, so the methods in Java that lead to them are named here, which are those of the public types.
 */
final class FileCalls {

    private static final String CHANNEL = "sun.nio.ch.FileChannelImpl";
    private static final String FILES = "sun.nio.fs.UnixFileSystemProvider";
    private static final Class<?> ATTRIBUTES = FileAttribute[].class;

    /** A method by name and descriptor. */
    record Call(String type, String method, MethodType signature) {
        String descriptor() {
            return signature.toMethodDescriptorString();
        }
    }

    /** Those of every JDK. */
    static final List<Call> EVERYWHERE = List.of(
            call(CHANNEL, "read", int.class, ByteBuffer.class),
            call(CHANNEL, "read", int.class, ByteBuffer.class, long.class),
            call(CHANNEL, "read", long.class, ByteBuffer[].class, int.class, int.class),
            call(CHANNEL, "write", int.class, ByteBuffer.class),
            call(CHANNEL, "write", int.class, ByteBuffer.class, long.class),
            call(CHANNEL, "write", long.class, ByteBuffer[].class, int.class, int.class),
            call(CHANNEL, "force", void.class, boolean.class),
            call(CHANNEL, "transferTo", long.class, long.class, long.class, WritableByteChannel.class),
            call(CHANNEL, "transferFrom", long.class, ReadableByteChannel.class, long.class, long.class),
            call(CHANNEL, "truncate", FileChannel.class, long.class),
            call(CHANNEL, "lock", FileLock.class, long.class, long.class, boolean.class),
            call("java.nio.MappedByteBuffer", "force", MappedByteBuffer.class),
            call("java.io.FileDescriptor", "sync", void.class),
            call(FILES, "newFileChannel", FileChannel.class, Path.class, Set.class, ATTRIBUTES),
            call(FILES, "newByteChannel", SeekableByteChannel.class, Path.class, Set.class, ATTRIBUTES),
            call(FILES, "newDirectoryStream", DirectoryStream.class, Path.class, DirectoryStream.Filter.class),
            call(FILES, "createDirectory", void.class, Path.class, ATTRIBUTES),
            call(FILES, "createLink", void.class, Path.class, Path.class),
            call(FILES, "implDelete", boolean.class, Path.class, boolean.class),
            call(FILES, "copy", void.class, Path.class, Path.class, CopyOption[].class),
            call(FILES, "move", void.class, Path.class, Path.class, CopyOption[].class),
            call(FILES, "checkAccess", void.class, Path.class, AccessMode[].class),
            call(FILES, "readAttributes", BasicFileAttributes.class, Path.class, Class.class, LinkOption[].class));

    /** Shortcuts that some JDKs have and others do not. */
    static final List<Call> SOMEWHERE = List.of(
            call(FILES, "exists", boolean.class, Path.class),
            call(FILES, "isDirectory", boolean.class, Path.class),
            call(FILES, "isRegularFile", boolean.class, Path.class),
            call(FILES, "exists", boolean.class, Path.class, LinkOption[].class),
            call(FILES, "isReadable", boolean.class, Path.class),
            call(FILES, "isWritable", boolean.class, Path.class),
            call(FILES, "isExecutable", boolean.class, Path.class),
            call(
                    FILES,
                    "readAttributesIfExists",
                    BasicFileAttributes.class,
                    Path.class,
                    Class.class,
                    LinkOption[].class));

    private FileCalls() {}

    private static Call call(String type, String method, Class<?> result, Class<?>... parameters) {
        return new Call(type, method, MethodType.methodType(result, parameters));
    }
}
