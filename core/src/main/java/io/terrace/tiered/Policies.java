// SPDX-License-Identifier: Apache-2.0
package io.terrace.tiered;

import io.terrace.ExpirationPolicy;
import io.terrace.InvalidMetadataException;
import io.terrace.MetadataPatch;
import io.terrace.ObjectContext;
import io.terrace.ObjectMetadata;
import java.util.Map;

/**
 * The policies of all use cases; one that is not named has no limits.
 *
 * @param inlineThreshold of use cases that set none
 * @param byUsecase the others
 */
record Policies(int inlineThreshold, Map<String, UsecasePolicy> byUsecase) {

    Policies {
        byUsecase = Map.copyOf(byUsecase);
    }

    int inlineThreshold(ObjectContext context) {
        return of(context).inlineThreshold(inlineThreshold);
    }

    /**
     * The metadata as they are to be stored, the default expiration filled in.
     *
     * @throws InvalidMetadataException if an object of this context may not expire like that
     */
    ObjectMetadata admit(ObjectContext context, ObjectMetadata metadata) {
        ExpirationPolicy chosen = admit(context, metadata.expiration());
        return chosen.equals(metadata.expiration())
                ? metadata
                : metadata.toBuilder().expiration(chosen).build();
    }

    /** Likewise; a patch that leaves the expiration alone is not asked about it. */
    MetadataPatch admit(ObjectContext context, MetadataPatch patch) {
        return patch.expiration()
                .map(expiration -> patch.expiration(admit(context, expiration)))
                .orElse(patch);
    }

    private ExpirationPolicy admit(ObjectContext context, ExpirationPolicy expiration) {
        UsecasePolicy policy = of(context);
        ExpirationPolicy chosen = policy.chosen(expiration);
        String objection = policy.objection(chosen);
        if (objection != null) {
            throw new InvalidMetadataException("The expiration '" + chosen
                    + "' is refused by the policy of the use case '" + context.usecase() + "': " + objection + ".");
        }
        return chosen;
    }

    private UsecasePolicy of(ObjectContext context) {
        return byUsecase.getOrDefault(context.usecase(), UsecasePolicy.OPEN);
    }
}
