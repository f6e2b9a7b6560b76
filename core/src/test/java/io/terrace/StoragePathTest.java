// SPDX-License-Identifier: Apache-2.0
package io.terrace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StoragePathTest {
    /** What a storage path is, said a second time and differently. */
    private static final Pattern PATH = Pattern.compile("(?s)(?!\\.{1,2}/)[A-Za-z0-9_.-]{1,128}"
            + "(/[A-Za-z0-9_\\-()$!+']{1,128}\\.[A-Za-z0-9_\\-()$!+']{1,128}){0,32}"
            + "/objects/(?!(.*/)?\\.{1,2}(/.*)?\\z)[^\\p{Cc}\\p{Cs}]+");

    @ParameterizedTest
    @CsvSource({
        "usecase, _, key, usecase/objects/key",
        "usecase, org=17, key, usecase/org.17/objects/key",
        "usecase, org=17;project=42, a/b/c, usecase/org.17/project.42/objects/a/b/c",
        "objects, _, objects/objects, objects/objects/objects/objects",
        "usecase, _, /, usecase/objects//",
        "usecase, a=b, /objects/x, usecase/a.b/objects//objects/x",
    })
    void aStoragePathIsTheUsecaseTheScopesTheWordObjectsAndTheKey(
            String usecase, String scopes, String key, String path) {
        ObjectId id = ObjectId.of(ObjectContext.of(usecase, Scopes.parse(scopes)), key);
        assertThat(id.storagePath()).isEqualTo(path);
        assertThat(ObjectId.fromStoragePath(path)).isEqualTo(id);
        assertThat(path).startsWith(id.context().storagePath());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "usecase",
                "usecase/",
                "usecase/objects",
                "usecase/objects/",
                "/objects/key",
                "usecase//objects/key",
                "usecase/org/objects/key",
                "usecase/org.17",
                "usecase/org.17/key",
                "usecase/org./objects/key",
                "usecase/.17/objects/key",
                "usecase/org.1.7/objects/key",
                "usecase/org=17/objects/key",
                "use case/objects/key",
                "./objects/key",
                "../objects/key",
                "usecase/objects/.",
                "usecase/objects/../key",
                "usecase/Objects/key",
            })
    void whatIsNoStoragePathIsRefused(String path) {
        assertThatThrownBy(() -> ObjectId.fromStoragePath(path)).isInstanceOf(InvalidObjectIdException.class);
        assertThat(PATH.matcher(path).matches()).isFalse();
    }

    @Test
    void aPathWithoutTheWordObjectsIsRefusedWithWhatIsMissing() {
        assertThatThrownBy(() -> ObjectId.fromStoragePath("usecase/org.17/key"))
                .isInstanceOf(InvalidObjectIdException.class)
                .hasMessage("storage path 'usecase/org.17/key' has no '/objects/' after its use case and scopes; "
                        + "it was not written by this store");
    }

    @Test
    void everyIdIsReadBackFromItsPath() {
        Seeded.cases(
                20_000, random -> readsBack(NastyNames.id(random), ObjectId::storagePath, ObjectId::fromStoragePath));
    }

    @Test
    void everyIdIsReadBackFromItsName() {
        Seeded.cases(20_000, random -> readsBack(NastyNames.id(random), ObjectId::toString, ObjectId::parse));
    }

    @Test
    void everyPathThatIsReadIsThePathOfWhatWasRead() {
        AtomicInteger read = new AtomicInteger();
        Seeded.cases(50_000, random -> {
            String path = almostPath(random);
            Optional<ObjectId> id = tryRead(path);
            assertThat(id.isPresent()).as(path).isEqualTo(PATH.matcher(path).matches());
            id.ifPresent(i -> {
                assertThat(i.storagePath()).isEqualTo(path);
                read.incrementAndGet();
            });
        });
        // Otherwise the property said nothing.
        assertThat(read.get()).isGreaterThan(1000);
    }

    @Test
    void thePropertyCatchesAPathThatTwoIdsShare() {
        // With an unvalidated key of the map's own: the separator of scopes and key is lost.
        Function<ObjectId, String> withoutMarker = id -> id.storagePath().replaceFirst("/objects/", "/");
        Function<String, ObjectId> back = path -> ObjectId.fromStoragePath(path.replaceFirst("/", "/objects/"));
        assertThatThrownBy(() -> Seeded.cases(1000, random -> readsBack(NastyNames.id(random), withoutMarker, back)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("seed ");
    }

    private static void readsBack(ObjectId id, Function<ObjectId, String> write, Function<String, ObjectId> read) {
        assertThat(read.apply(write.apply(id))).isEqualTo(id);
    }

    private static String almostPath(Random random) {
        if (random.nextBoolean()) {
            return NastyNames.almostPath(random);
        }
        StringBuilder path = new StringBuilder(NastyNames.id(random).storagePath());
        String other = NastyNames.almostPath(random);
        int at = random.nextInt(path.length());
        return switch (random.nextInt(3)) {
            case 0 -> path.deleteCharAt(at).toString();
            case 1 -> path.insert(at, other).toString();
            default -> path.toString();
        };
    }

    private static Optional<ObjectId> tryRead(String path) {
        try {
            return Optional.of(ObjectId.fromStoragePath(path));
        } catch (InvalidObjectIdException refused) {
            return Optional.empty();
        }
    }
}
