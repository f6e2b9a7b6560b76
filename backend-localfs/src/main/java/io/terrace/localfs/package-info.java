// SPDX-License-Identifier: Apache-2.0
/**
 * All three roles on a local directory. {@link io.terrace.localfs.LocalFs} opens them in code,
 * {@link io.terrace.localfs.LocalFsProvider} by name.
 *
 * <p>Needs a POSIX file system with atomic rename, hard links, byte-range locks and a working fsync of directories: ext4,
 * XFS or APFS. Network file systems are not supported.
 */
@NullMarked
package io.terrace.localfs;

import org.jspecify.annotations.NullMarked;
