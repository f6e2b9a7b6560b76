// SPDX-License-Identifier: Apache-2.0
package io.terrace.spi;

import io.terrace.Determinacy;
import io.terrace.InvalidPartException;
import io.terrace.PartInfo;
import io.terrace.TooLargeException;
import io.terrace.UploadedPart;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * What a store allows of the parts of an upload.
 *
 * @param maxPartNumber the highest number that a part can have, and so how many there can be; at least 1
 * @param minPartBytes the smallest size of every part but the last one of an object; 0 if there is none
 * @param maxPartBytes the largest size of a part; {@link Long#MAX_VALUE} if only the store's room limits it
 */
public record UploadLimits(int maxPartNumber, long minPartBytes, long maxPartBytes) {

    public UploadLimits {
        if (maxPartNumber < 1 || minPartBytes < 0 || maxPartBytes < 1 || maxPartBytes < minPartBytes) {
            throw new IllegalArgumentException("no part can meet these limits: at most " + maxPartNumber + " parts of "
                    + minPartBytes + " to " + maxPartBytes + " bytes");
        }
    }

    /**
     * What every store says about a part before it takes it.
     *
     * @param backend the name of the store, for the error
     * @param size the announced one, or {@link io.terrace.Payload#UNKNOWN}
     * @throws InvalidPartException if the number is out of range
     * @throws TooLargeException if the part is too large
     */
    public void requirePart(String backend, int number, long size) {
        if (number < 1 || number > maxPartNumber) {
            throw InvalidPartException.numberOutOfRange(backend, number, maxPartNumber);
        }
        if (size > maxPartBytes) {
            throw new TooLargeException(
                    backend,
                    "Part " + number + " has " + size + " bytes, and a part has at most " + maxPartBytes
                            + ". Divide it.",
                    Determinacy.NOT_APPLIED);
        }
    }

    /**
     * What every store says about the list that an upload is completed with.
     *
     * @param backend the name of the store, for the error
     * @param stored finds a stored part by its number
     * @throws InvalidPartException if the list is empty or out of order, or one of its parts is not what was stored
     */
    public void requireList(String backend, List<UploadedPart> list, IntFunction<@Nullable PartInfo> stored) {
        if (list.isEmpty()) {
            throw InvalidPartException.noParts(backend);
        }
        int before = 0;
        for (UploadedPart named : list) {
            if (named.number() <= before) {
                throw before == 0
                        ? InvalidPartException.numberOutOfRange(backend, named.number(), maxPartNumber)
                        : InvalidPartException.outOfOrder(backend, named.number(), before);
            }
            before = named.number();
        }
        for (UploadedPart named : list) {
            PartInfo found = stored.apply(named.number());
            if (found == null) {
                throw InvalidPartException.unknownPart(backend, named.number());
            }
            if (!found.etag().equals(named.etag())) {
                throw InvalidPartException.etagMismatch(backend, named.number(), named.etag(), found.etag());
            }
            if (named.number() != before && found.size() < minPartBytes) {
                throw InvalidPartException.tooSmall(backend, named.number(), found.size(), minPartBytes);
            }
        }
    }
}
