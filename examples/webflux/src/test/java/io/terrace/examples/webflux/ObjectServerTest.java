// SPDX-License-Identifier: Apache-2.0
package io.terrace.examples.webflux;

import static io.terrace.examples.webflux.TestServer.text;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.testkit.fault.BodyFault;
import io.terrace.testkit.fault.Fault;
import io.terrace.testkit.fault.FaultPlan;
import io.terrace.testkit.fault.SpiOperation;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ObjectServerTest {

    private static final byte[] SMALL = "Hello, tiers!".getBytes(UTF_8);
    private static final byte[] LARGE = bytes(5_000_000);

    @TempDir
    private Path directory;

    private TestServer server;

    @BeforeEach
    void start() {
        server = new TestServer(directory);
    }

    @AfterEach
    void nothingIsLeft() {
        server.assertNothingIsHeld();
        server.close();
    }

    @Test
    void whatWasPutIsGot() throws Exception {
        for (byte[] body : new byte[][] {SMALL, LARGE, {}}) {
            HttpResponse<byte[]> put =
                    server.put("/objects/a/b%20c.txt", body, "Content-Type", "text/plain;charset=utf-8");
            assertThat(put.statusCode()).isIn(201, 204);

            HttpResponse<byte[]> got = server.get("/objects/a/b%20c.txt");
            assertThat(got.statusCode()).isEqualTo(200);
            assertThat(got.body()).isEqualTo(body);
            assertThat(header(got, "Content-Type")).isEqualTo("text/plain;charset=utf-8");
            assertThat(header(got, "Content-Length")).isEqualTo(String.valueOf(body.length));
            assertThat(header(got, "ETag")).isEqualTo(header(put, "ETag")).startsWith("\"");
            assertThat(got.headers().firstValue("Content-Disposition")).isEmpty();
        }
    }

    @Test
    void aBodyOfUnknownLengthIsStreamed() throws Exception {
        HttpResponse<byte[]> put = server.send(server.request("/objects/large")
                .PUT(HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(LARGE))));

        assertThat(put.statusCode()).isEqualTo(201);
        assertThat(server.get("/objects/large").body()).isEqualTo(LARGE);
    }

    @Test
    void aFileNameComesBackWithTheObject() throws Exception {
        server.put("/objects/x", SMALL, "Content-Disposition", "attachment; filename=\"report 1.pdf\"");
        assertThat(header(server.get("/objects/x"), "Content-Disposition"))
                .startsWith("attachment; filename=\"report 1.pdf\"");

        server.put("/objects/x", SMALL, "Content-Disposition", "attachment; filename*=UTF-8''r%C3%A9sum%C3%A9.pdf");
        assertThat(header(server.get("/objects/x"), "Content-Disposition"))
                .endsWith("filename*=UTF-8''r%C3%A9sum%C3%A9.pdf");
    }

    @Test
    void aHeadDescribesWithoutABody() throws Exception {
        server.put("/objects/large", LARGE, "Content-Type", "image/png");

        HttpResponse<byte[]> head =
                server.send(server.request("/objects/large").method("HEAD", HttpRequest.BodyPublishers.noBody()));
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(header(head, "Content-Length")).isEqualTo("5000000");
        assertThat(header(head, "Content-Type")).isEqualTo("image/png");
        assertThat(header(head, "Accept-Ranges")).isEqualTo("bytes");
        assertThat(server.traffic.records(SpiOperation.BLOB_GET)).isEmpty();
    }

    @Test
    void aRangeIsCutAtTheEndOfTheObject() throws Exception {
        server.put("/objects/small", SMALL);
        server.put("/objects/large", LARGE);

        assertPart("small", "bytes=0-0", SMALL, 0, 1);
        assertPart("small", "bytes=7-", SMALL, 7, SMALL.length);
        assertPart("small", "bytes=-100", SMALL, 0, SMALL.length);
        assertPart("large", "bytes=1000000-3999999", LARGE, 1_000_000, 4_000_000);
        assertPart("large", "bytes=4999990-9999999", LARGE, 4_999_990, 5_000_000);
        assertPart("large", "bytes=-5", LARGE, 4_999_995, 5_000_000);
    }

    @Test
    void aRangeThatHttpAllowsToIgnoreIsIgnored() throws Exception {
        server.put("/objects/small", SMALL);

        for (String range : new String[] {"bytes=0-1,3-4", "lines=1-2", "bytes=5-2", "bytes=x-"}) {
            HttpResponse<byte[]> whole = server.get("/objects/small", "Range", range);
            assertThat(whole.statusCode()).as(range).isEqualTo(200);
            assertThat(whole.body()).isEqualTo(SMALL);
        }
    }

    @Test
    void aRangeOutsideTheObjectSaysHowLongItIs() throws Exception {
        server.put("/objects/small", SMALL);
        server.put("/objects/large", LARGE);

        HttpResponse<byte[]> outside = server.get("/objects/large", "Range", "bytes=5000000-");
        assertThat(outside.statusCode()).isEqualTo(416);
        assertThat(header(outside, "Content-Range")).isEqualTo("bytes */5000000");
        assertThat(text(outside)).contains("\"code\":\"range.not-satisfiable\"");
        assertThat(outside.headers().firstValue("ETag")).isEmpty();

        assertThat(server.get("/objects/small", "Range", "bytes=13-").statusCode())
                .isEqualTo(416);
    }

    @Test
    void whoHasTheObjectIsNotSentItAgain() throws Exception {
        String etag = header(server.put("/objects/large", LARGE), "ETag");

        for (String known : new String[] {etag, "W/" + etag, "\"x\", " + etag, "*"}) {
            HttpResponse<byte[]> same = server.get("/objects/large", "If-None-Match", known, "Range", "bytes=0-9");
            assertThat(same.statusCode()).as(known).isEqualTo(304);
            assertThat(same.body()).isEmpty();
            assertThat(header(same, "ETag")).isEqualTo(etag);
        }
        assertThat(server.traffic.records(SpiOperation.BLOB_GET)).isEmpty();

        assertThat(server.get("/objects/large", "If-None-Match", "\"x\"").body())
                .isEqualTo(LARGE);
    }

    @Test
    void whoAsksForAnotherObjectIsTold() throws Exception {
        String etag = header(server.put("/objects/x", SMALL), "ETag");

        assertThat(server.get("/objects/x", "If-Match", etag).statusCode()).isEqualTo(200);
        assertThat(server.get("/objects/x", "If-Match", "*").statusCode()).isEqualTo(200);
        assertThat(server.get("/objects/x", "If-Match", "\"x\"").statusCode()).isEqualTo(412);
        assertThat(server.get("/objects/x", "If-Match", "W/" + etag).statusCode())
                .isEqualTo(412);
    }

    @Test
    void aDownloadGoesOnOnlyIfTheObjectIsTheSame() throws Exception {
        String etag = header(server.put("/objects/large", LARGE), "ETag");

        HttpResponse<byte[]> rest = server.get("/objects/large", "Range", "bytes=4999995-", "If-Range", etag);
        assertThat(rest.statusCode()).isEqualTo(206);
        assertThat(rest.body()).isEqualTo(Arrays.copyOfRange(LARGE, 4_999_995, 5_000_000));
        assertThat(server.get("/objects/large", "Range", "bytes=5000000-", "If-Range", etag)
                        .statusCode())
                .isEqualTo(416);

        server.put("/objects/large", SMALL);
        HttpResponse<byte[]> whole = server.get("/objects/large", "Range", "bytes=4999995-", "If-Range", etag);
        assertThat(whole.statusCode()).isEqualTo(200);
        assertThat(whole.body()).isEqualTo(SMALL);
    }

    @Test
    void aConditionalPutHappensOnlyIfItHolds() throws Exception {
        HttpResponse<byte[]> created = server.put("/objects/x", SMALL, "If-None-Match", "*");
        assertThat(created.statusCode()).isEqualTo(201);
        assertThat(header(created, "Location")).endsWith("/objects/x");
        String etag = header(created, "ETag");

        HttpResponse<byte[]> exists = server.put("/objects/x", LARGE, "If-None-Match", "*");
        assertThat(exists.statusCode()).isEqualTo(412);
        assertThat(header(exists, "ETag")).isEqualTo(etag);
        assertThat(header(exists, "Content-Type")).isEqualTo("application/problem+json");
        assertThat(text(exists))
                .contains("\"status\":412", "\"code\":\"precondition.failed\"", "\"outcome\":\"NOT_APPLIED\"");

        HttpResponse<byte[]> replaced = server.put("/objects/x", LARGE, "If-Match", etag);
        assertThat(replaced.statusCode()).isEqualTo(204);
        assertThat(server.put("/objects/x", SMALL, "If-Match", etag).statusCode())
                .isEqualTo(412);
        assertThat(server.put("/objects/x", SMALL, "If-Match", "W/" + header(replaced, "ETag"))
                        .statusCode())
                .isEqualTo(412);
        assertThat(server.get("/objects/x").body()).isEqualTo(LARGE);
        assertThat(server.put("/objects/x", SMALL).statusCode()).isEqualTo(204);
    }

    @Test
    void whatWasDeletedIsNotFound() throws Exception {
        String etag = header(server.put("/objects/x", LARGE), "ETag");

        assertThat(server.send(server.request("/objects/x", "If-Match", "\"x\"").DELETE())
                        .statusCode())
                .isEqualTo(412);
        assertThat(server.send(server.request("/objects/x", "If-Match", etag).DELETE())
                        .statusCode())
                .isEqualTo(204);
        HttpResponse<byte[]> gone = server.get("/objects/x");
        assertThat(gone.statusCode()).isEqualTo(404);
        assertThat(text(gone)).contains("There is no object 'x'");
        assertThat(server.get("/objects/x", "If-None-Match", etag, "Range", "bytes=0-1")
                        .statusCode())
                .isEqualTo(404);
        assertThat(server.send(server.request("/objects/x").method("HEAD", HttpRequest.BodyPublishers.noBody()))
                        .statusCode())
                .isEqualTo(404);
        assertThat(server.send(server.request("/objects/x").DELETE()).statusCode())
                .isEqualTo(204);
    }

    @Test
    void aRequestThatIsWrongIsToldWhy() throws Exception {
        assertRefused(server.put("/objects/x", SMALL, "Content-Type", "nonsense"), 400, "media type");
        assertRefused(server.put("/objects/x", SMALL, "Content-Encoding", "gzip"), 400, "compression");
        assertRefused(server.put("/objects/x", SMALL, "If-Match", "*"), 400, "If-Match with one etag");
        assertRefused(server.put("/objects/x", SMALL, "If-None-Match", "\"x\""), 400, "If-None-Match: *");
        assertRefused(server.put("/objects/x", SMALL, "If-Match", "\"x\", \"y\""), 400, "one etag");
        assertRefused(server.put("/objects/", SMALL), 400, "the key is empty");
        assertRefused(server.put("/objects", SMALL), 400, "the key is empty");
        assertRefused(server.put("/objects/a%2F..%2Fb", SMALL), 400, "dot segment");
        assertRefused(server.put("/objects/%0A", SMALL), 400, "control character");
        assertRefused(server.put("/elsewhere", SMALL), 404, "Not Found");
    }

    @Test
    void anObjectThatIsTooLongIsRefused() throws Exception {
        byte[] tooLong = new byte[TestServer.MAX_BYTES + 1];

        assertRefused(server.put("/objects/x", tooLong), 413, "16777216 bytes");
        HttpResponse<byte[]> streamed = server.send(server.request("/objects/x")
                .PUT(HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(tooLong))));
        assertRefused(streamed, 413, "payload");
        assertThat(server.get("/objects/x").statusCode()).isEqualTo(404);
    }

    @Test
    void aStoreThatIsAwayIsToBeAskedLater() throws Exception {
        server.put("/objects/x", SMALL);
        server.faults.follow(FaultPlan.always(SpiOperation.ROW_READ, Fault.FAIL_NOT_APPLIED));
        HttpResponse<byte[]> away = server.get("/objects/x");
        assertRefused(away, 503, "\"outcome\":\"NOT_APPLIED\"");
        assertThat(header(away, "Retry-After")).isEqualTo("1");

        server.faults.follow(FaultPlan.none());
        assertThat(server.get("/objects/x").body()).isEqualTo(SMALL);
    }

    @Test
    void aWriteWhoseOutcomeIsUnknownIsNotSaidToHaveFailed() throws Exception {
        server.faults.follow(FaultPlan.on(SpiOperation.ROW_PUT, 1, Fault.APPLIED_THEN_LOST));

        assertRefused(server.put("/objects/x", SMALL), 500, "\"outcome\":\"UNKNOWN\"");
        assertThat(server.get("/objects/x").body()).isEqualTo(SMALL);
    }

    @Test
    void aPutWhoseTierFailsMidwayStoresNothing() throws Exception {
        server.faults.follow(FaultPlan.onBody(SpiOperation.BLOB_PUT, 1, BodyFault.errorAfter(2_000_000)));

        assertThat(server.put("/objects/x", LARGE).statusCode()).isGreaterThanOrEqualTo(500);
        assertThat(server.faults.injectedIntoBodies()).isEqualTo(1);
        assertThat(server.get("/objects/x").statusCode()).isEqualTo(404);
    }

    private void assertPart(String key, String range, byte[] whole, int from, int to) throws Exception {
        HttpResponse<byte[]> part = server.get("/objects/" + key, "Range", range);
        assertThat(part.statusCode()).isEqualTo(206);
        assertThat(part.body()).isEqualTo(Arrays.copyOfRange(whole, from, to));
        assertThat(header(part, "Content-Range")).isEqualTo("bytes " + from + "-" + (to - 1) + "/" + whole.length);
        assertThat(header(part, "Content-Length")).isEqualTo(String.valueOf(to - from));
    }

    private static void assertRefused(HttpResponse<byte[]> response, int status, String why) {
        assertThat(text(response)).contains(why);
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(header(response, "Content-Type")).isEqualTo("application/problem+json");
    }

    private static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElseThrow();
    }

    private static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        new Random(1).nextBytes(bytes);
        return bytes;
    }
}
