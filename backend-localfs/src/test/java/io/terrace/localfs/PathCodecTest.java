// SPDX-License-Identifier: Apache-2.0
package io.terrace.localfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.terrace.ObjectContext;
import io.terrace.ObjectId;
import io.terrace.Scopes;
import io.terrace.spi.BlobId;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PathCodecTest {

    private static final String ALPHABET = "aAbBzZ09_-./\\%~ :*?\"<>|äÄßİıﬀ\u0301\u00e9e\uD83D\uDE00";
    private static final Path ROOT = Path.of("/store/rows");

    @ParameterizedTest
    @ValueSource(strings = {"a", "A", ".", "..", "...", "a/b", "a%2fb", "~", "ü", "\uD83D\uDE00", "con", " ", "a.b"})
    void aShortNameCanBeReadBackFromItsSegment(String name) {
        String segment = PathCodec.encode(name);
        assertThat(segment).matches("[a-z0-9_%-]+");
        assertThat(PathCodec.decode(segment)).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"%61", "%2F", "%2", "%", "A", "a.b", "%ff", "~abc", "a%zz"})
    void aSegmentThatIsNotTheOneWayToWriteANameIsNotOurs(String segment) {
        assertThat(PathCodec.decode(segment)).isNull();
    }

    @Test
    void aLongNameBecomesItsHashAndStaysWithinTheLimit() {
        assertThat(PathCodec.encode("a".repeat(200))).hasSize(200);
        assertThat(PathCodec.encode("a".repeat(201))).hasSize(65).startsWith("~");
        assertThat(PathCodec.encode("A".repeat(67))).startsWith("~");
        assertThat(PathCodec.encode("a".repeat(201))).isNotEqualTo(PathCodec.encode("a".repeat(202)));
    }

    @Test
    void noTwoNamesShareASegmentNotEvenWhereCaseDoesNotCount() {
        Random random = new Random(7);
        Map<String, String> seen = new HashMap<>();
        for (int i = 0; i < 60_000; i++) {
            String name = randomName(random);
            String other = seen.putIfAbsent(PathCodec.encode(name).toLowerCase(Locale.ROOT), name);
            if (other != null && !other.equals(name)) {
                fail("%s and %s share a segment", name, other);
            }
        }
        assertThat(seen.size()).isGreaterThan(20_000);
    }

    @Test
    void whereCaseDoesNotCountNamesWouldCollideWithoutTheEncoding() {
        // What the test above would find if letters were kept as they are.
        assertThat("Ab".toLowerCase(Locale.ROOT)).isEqualTo("ab");
        assertThat(PathCodec.encode("Ab")).isNotEqualToIgnoringCase(PathCodec.encode("ab"));
    }

    @Test
    void noObjectEscapesTheRootOrOutgrowsASystemCall() {
        Random random = new Random(8);
        for (int i = 0; i < 2000; i++) {
            ObjectId id = randomId(random);
            if (id != null) {
                checkInside(StorePaths.row(ROOT, id));
                checkInside(StorePaths.blob(ROOT, new BlobId(id, new UUID(i, i))));
            }
        }
    }

    @Test
    void theDeepestContextStillFits() {
        Scopes scopes = Scopes.none();
        for (int i = 0; i < 15; i++) {
            scopes = scopes.and("SCOPE" + i, "V".repeat(128));
        }
        ObjectId id = ObjectId.of(ObjectContext.of("U".repeat(128), scopes), "K".repeat(1024));
        checkInside(StorePaths.row(ROOT, id));
        assertThat(StorePaths.row(ROOT, id))
                .isNotEqualTo(
                        StorePaths.row(ROOT, ObjectId.of(ObjectContext.of("U".repeat(127), scopes), "K".repeat(1024))));
    }

    @Test
    void aKeyAndTheSameKeyWithASlashBehindItAreFilesSideBySide() {
        Path a = StorePaths.row(ROOT, Samples.id("a"));
        Path below = StorePaths.row(ROOT, Samples.id("a/b"));
        assertThat(below).isNotEqualTo(a);
        assertThat(below.startsWith(a)).isFalse();
    }

    @Test
    void theNameOfABlobTellsItsKeyAndNothingElseDoes() {
        BlobId blob = new BlobId(Samples.id("some/Key"), UUID.fromString("01890a5d-ac96-774b-bcce-b302099a8057"));
        String name = StorePaths.blob(ROOT, blob).getFileName().toString();
        assertThat(name).isEqualTo("some%2f%4bey.01890a5d-ac96-774b-bcce-b302099a8057");
        assertThat(StorePaths.blobName(name).of(blob.object().storagePath())).isEqualTo(blob);
        assertThat(StorePaths.blobName(name).key()).isEqualTo("some/Key");
        assertThat(List.of("a", "a.b", ".01890a5d-ac96-774b-bcce-b302099a8057", "a.1-1-1-1-1", "A." + blob.uuid()))
                .allSatisfy(other -> assertThat(StorePaths.blobName(other)).isNull());
    }

    private static void checkInside(Path path) {
        assertThat(path.normalize()).isEqualTo(path);
        assertThat(path.startsWith(ROOT)).isTrue();
        assertThat(path.toString().length()).isLessThan(2048);
        for (Path segment : path) {
            assertThat(segment.toString().length()).isLessThanOrEqualTo(255);
        }
    }

    private static ObjectId randomId(Random random) {
        Scopes scopes = Scopes.none();
        for (int i = random.nextInt(20); i > 0; i--) {
            scopes = scopes.and("Org" + i, "V".repeat(1 + random.nextInt(100)));
        }
        String key = randomName(random).repeat(1 + random.nextInt(20));
        try {
            return ObjectId.of(ObjectContext.of(random.nextBoolean() ? "objects" : "Use.Case", scopes), key);
        } catch (io.terrace.InvalidObjectIdException notAnId) {
            return null;
        }
    }

    private static String randomName(Random random) {
        int[] points = ALPHABET.codePoints().toArray();
        StringBuilder name = new StringBuilder();
        for (int i = 1 + random.nextInt(6); i > 0; i--) {
            name.appendCodePoint(points[random.nextInt(points.length)]);
        }
        return name.toString();
    }
}
