// SPDX-License-Identifier: Apache-2.0
package io.terrace.cli;

import io.terrace.ObjectContext;
import io.terrace.ObjectId;
import io.terrace.Scopes;

/**
 * The beginning of a name as a person types it, which may end anywhere.
 *
 * @param text as in {@code media/org=17;project=42/a/}
 */
record NamePrefix(String text) {

    /** A beginning that the storage paths of all objects with such names share. */
    String storagePrefix() {
        int first = text.indexOf('/');
        if (first < 0) {
            return text;
        }
        String usecase = text.substring(0, first);
        int second = text.indexOf('/', first + 1);
        if (second < 0) {
            String scopes = text.substring(first + 1);
            // An underscore stands for no scopes, or begins the name of one.
            return usecase + "/"
                    + (scopes.startsWith("_") ? "" : scopes.replace('=', '.').replace(';', '/'));
        }
        Scopes scopes = Scopes.parse(text.substring(first + 1, second));
        return ObjectContext.of(usecase, scopes).storagePath() + text.substring(second + 1);
    }

    boolean matches(ObjectId id) {
        return id.toString().startsWith(text);
    }
}
