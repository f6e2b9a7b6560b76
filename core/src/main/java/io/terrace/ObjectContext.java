// SPDX-License-Identifier: Apache-2.0
package io.terrace;

/**
 * Where an object lives: its use case, then its scopes.
 *
 * <p>A use case is 1 to {@value #MAX_USECASE_LENGTH} characters of {@code A-Za-z0-9_.-}, and is not {@code .} or {@code
 * ..}: a slash or a dot segment in it would let two different ids share one storage path.
 */
public record ObjectContext(String usecase, Scopes scopes) {
    static final int MAX_USECASE_LENGTH = 128;
    private static final String OBJECTS = "objects/";

    public ObjectContext {
        checkUsecase(usecase);
        int prefix = usecase.length() + scopes.storagePath().length() + OBJECTS.length() + 2;
        if (prefix >= ObjectId.MAX_PATH_BYTES) {
            throw new InvalidObjectIdException("the context of use case " + Texts.quote(usecase) + " takes " + prefix
                    + " bytes of the storage path and leaves no room for a key; use fewer or shorter scopes");
        }
    }

    public static ObjectContext of(String usecase) {
        return new ObjectContext(usecase, Scopes.none());
    }

    public static ObjectContext of(String usecase, Scopes scopes) {
        return new ObjectContext(usecase, scopes);
    }

    /** The prefix of the storage path of every object in this context, with its closing slash. */
    public String storagePath() {
        return scopes.isEmpty() ? usecase + "/" + OBJECTS : usecase + "/" + scopes.storagePath() + "/" + OBJECTS;
    }

    /** The form used in URLs: {@code usecase/org=17;project=42}, or {@code usecase/_} without scopes. */
    public String apiPath() {
        return usecase + "/" + scopes.apiPath();
    }

    @Override
    public String toString() {
        return apiPath();
    }

    private static void checkUsecase(String usecase) {
        if (usecase.isEmpty() || usecase.length() > MAX_USECASE_LENGTH) {
            throw new InvalidObjectIdException(
                    "use case has " + usecase.length() + " characters; use 1 to " + MAX_USECASE_LENGTH);
        }
        for (int i = 0; i < usecase.length(); i++) {
            char c = usecase.charAt(i);
            if (!Texts.isAsciiLetterOrDigit(c) && "_.-".indexOf(c) < 0) {
                throw new InvalidObjectIdException("use case " + Texts.quote(usecase)
                        + " has a forbidden character at index " + i + "; use only A-Z a-z 0-9 _ . -");
            }
        }
        if (usecase.equals(".") || usecase.equals("..")) {
            throw new InvalidObjectIdException("use case " + Texts.quote(usecase)
                    + " is a dot segment, which URLs and file systems rewrite; choose a name");
        }
    }
}
