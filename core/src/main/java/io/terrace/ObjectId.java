// SPDX-License-Identifier: Apache-2.0
package io.terrace;

import java.util.ArrayList;
import java.util.List;

/**
 * The name of an object: its context and its key.
 *
 * <p>A key is 1 to {@value #MAX_KEY_BYTES} bytes of UTF-8 and is taken literally; it may contain slashes. It has no control
 * characters, and none of its segments is {@code .} or {@code ..}, which URL libraries and file systems rewrite.
 *
 * <p>Ids and storage paths correspond one to one: {@code fromStoragePath(id.storagePath())} equals {@code id}, and every
 * path that {@link #fromStoragePath} accepts is the storage path of its result.
 */
public record ObjectId(ObjectContext context, String key) {
    static final int MAX_KEY_BYTES = 1024;
    /** A row key holds 4096 bytes in the narrowest store, of which a blob's revision takes a slash and a uuid. */
    static final int MAX_PATH_BYTES = 4096 - 37;

    private static final String OBJECTS = "objects";

    public ObjectId {
        checkKey(key);
        int path = Texts.utf8Length(context.storagePath()) + Texts.utf8Length(key);
        if (path > MAX_PATH_BYTES) {
            throw new InvalidObjectIdException("the storage path of key " + Texts.quote(key) + " takes " + path
                    + " bytes; at most " + MAX_PATH_BYTES + " are possible, so use fewer scopes or a shorter key");
        }
    }

    public static ObjectId of(ObjectContext context, String key) {
        return new ObjectId(context, key);
    }

    /** Reads the form of {@link #toString()}: {@code usecase/org=17;project=42/key}, with {@code _} for no scopes. */
    public static ObjectId parse(String name) {
        int first = name.indexOf('/');
        int second = first < 0 ? -1 : name.indexOf('/', first + 1);
        if (second < 0) {
            throw new InvalidObjectIdException("object name " + Texts.quote(name)
                    + " has fewer than three parts; write usecase/scopes/key, with _ for no scopes");
        }
        Scopes scopes = Scopes.parse(name.substring(first + 1, second));
        return of(ObjectContext.of(name.substring(0, first), scopes), name.substring(second + 1));
    }

    /** Reads the form of {@link #storagePath()}. */
    public static ObjectId fromStoragePath(String path) {
        int start = path.indexOf('/') + 1;
        List<Scope> scopes = new ArrayList<>();
        while (start > 0) {
            int end = path.indexOf('/', start);
            if (end < 0) {
                break;
            }
            String segment = path.substring(start, end);
            if (segment.equals(OBJECTS)) {
                String usecase = path.substring(0, path.indexOf('/'));
                return of(ObjectContext.of(usecase, Scopes.of(scopes)), path.substring(end + 1));
            }
            scopes.add(Scopes.parseOne(path, segment, '.'));
            start = end + 1;
        }
        throw new InvalidObjectIdException("storage path " + Texts.quote(path)
                + " has no '/objects/' after its use case and scopes; it was not written by this store");
    }

    /** {@code usecase/org.17/project.42/objects/key}, the name under which backends keep the object. */
    public String storagePath() {
        return context.storagePath() + key;
    }

    /** {@code usecase/org=17;project=42/key}, the form that {@link #parse} reads. */
    @Override
    public String toString() {
        return context.apiPath() + "/" + key;
    }

    private static void checkKey(String key) {
        if (key.isEmpty()) {
            throw new InvalidObjectIdException("the key is empty; choose a key, or let the store generate one");
        }
        if (Texts.hasUnpairedSurrogate(key)) {
            throw new InvalidObjectIdException("key " + Texts.quote(key)
                    + " has an unpaired surrogate and therefore no UTF-8 form; repair the text");
        }
        int bytes = Texts.utf8Length(key);
        if (bytes > MAX_KEY_BYTES) {
            throw new InvalidObjectIdException("key " + Texts.quote(key) + " has " + bytes
                    + " bytes of UTF-8; use at most " + MAX_KEY_BYTES + ", for example a hash of it");
        }
        int segment = 0;
        for (int i = 0; i <= key.length(); i++) {
            if (i == key.length() || key.charAt(i) == '/') {
                checkSegment(key, segment, i);
                segment = i + 1;
            } else if (Character.getType(key.charAt(i)) == Character.CONTROL) {
                throw new InvalidObjectIdException(
                        "key " + Texts.quote(key) + " has a control character at index " + i + "; remove or encode it");
            }
        }
    }

    private static void checkSegment(String key, int start, int end) {
        int length = end - start;
        if (length > 0 && length <= 2 && key.startsWith("..".substring(2 - length), start)) {
            throw new InvalidObjectIdException("key " + Texts.quote(key) + " has the dot segment '"
                    + key.substring(start, end) + "', which URLs and file systems rewrite; encode or rename it");
        }
    }
}
