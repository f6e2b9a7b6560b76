// SPDX-License-Identifier: Apache-2.0
package io.terrace.examples.webflux;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.terrace.testkit.check.LeakProbe;
import io.terrace.testkit.fault.SpiOperation;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that go away in the middle, or are too slow, leave nothing behind: no buffer, no file, no half object. */
class DisconnectTest {

    private static final byte[] LARGE = new byte[15 << 20];

    @TempDir
    private Path directory;

    private TestServer server;
    private LeakProbe files;

    @BeforeEach
    void start() throws Exception {
        server = new TestServer(directory);
        // Once each, so that what is opened once and for all is open.
        server.put("/objects/large", LARGE);
        server.get("/objects/large");
        server.assertNothingIsHeld();
        files = LeakProbe.start().toleratingThreads(".*").toleratingDirectMemory(Long.MAX_VALUE / 2);
    }

    @AfterEach
    void nothingIsLeft() {
        server.assertNothingIsHeld();
        files.assertNothingLeaked();
        server.close();
    }

    @Test
    void aClientThatLeavesADownloadClosesTheObject() throws IOException {
        for (int bytes : new int[] {1, 100_000, 1_000_000, 5_000_000}) {
            try (Socket client = connect()) {
                client.setReceiveBufferSize(16 << 10);
                send(client, "GET /objects/large HTTP/1.1\r\nHost: x\r\n\r\n");
                assertThat(client.getInputStream().readNBytes(bytes)).hasSize(bytes);
            }
        }
    }

    @Test
    void aClientThatNeverReadsItsAnswerIsNotReadAheadFor() throws IOException {
        try (Socket client = connect()) {
            send(client, "GET /objects/large HTTP/1.1\r\nHost: x\r\n\r\n");
            Await.until("the object is open", () -> server.traffic.openBlobs() == 1);
            Await.until("no more is read", server::downloadStandsStill);
            // Both sides' sockets hold some; the rest must not have been read.
            assertThat(server.bytesRead()).isLessThan(LARGE.length / 2);
        }
    }

    @Test
    void aClientThatLeavesAnUploadStoresNothing() throws Exception {
        for (int bytes : new int[] {0, 1, 100_000, 2_000_000, LARGE.length - 1}) {
            try (Socket client = connect()) {
                send(client, "PUT /objects/half HTTP/1.1\r\nHost: x\r\nContent-Length: " + LARGE.length + "\r\n\r\n");
                client.getOutputStream().write(LARGE, 0, bytes);
                Await.until(
                        "the upload has begun", () -> !server.traffic.running().isEmpty());
            }
            Await.until("the upload is over", () -> server.traffic.running().isEmpty());
        }
        server.assertNothingIsHeld();
        assertThat(server.get("/objects/half").statusCode()).isEqualTo(404);
    }

    @Test
    void theBodyOfAnUploadThatIsRefusedIsReleased() throws Exception {
        for (int i = 0; i < 5; i++) {
            HttpResponse<byte[]> refused = server.put("/objects/large", LARGE, "If-None-Match", "*");
            assertThat(refused.statusCode()).isEqualTo(412);
        }
        assertThat(server.traffic.records(SpiOperation.BLOB_PUT)).hasSize(1);
        assertThat(server.get("/objects/large").body()).isEqualTo(LARGE);
    }

    @Test
    void anUploadIsSeenWhileItIsUnderWay() throws Exception {
        assertThat(server.get("/progress/mine").statusCode()).isEqualTo(404);
        try (Socket upload = connect()) {
            send(
                    upload,
                    "PUT /objects/mine HTTP/1.1\r\nHost: x\r\nUpload-Name: mine\r\nContent-Length: 3000000\r\n\r\n");
            upload.getOutputStream().write(LARGE, 0, 2_000_000);
            Socket watch = watch("/progress/mine");
            readUntil(watch, "{\"received\":2000000,\"announced\":3000000,\"ended\":false}");
            upload.getOutputStream().write(LARGE, 0, 1_000_000);
            readUntil(watch, "{\"received\":3000000,\"announced\":3000000,\"ended\":true}");
            readUntil(upload, "201 Created");
            // To its very end: who leaves in the middle may leave a buffer of the encoder behind.
            watch.getInputStream().readAllBytes();
            watch.close();
        }
        assertThat(server.get("/progress/mine").statusCode()).isEqualTo(404);
    }

    /** Asks until the store has begun to read the upload; what is answered before that is read to its end. */
    private Socket watch(String path) throws IOException {
        for (int i = 0; i < 1000; i++) {
            Socket watch = connect();
            send(watch, "GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
            if (new String(watch.getInputStream().readNBytes(12), UTF_8).endsWith("200")) {
                return watch;
            }
            watch.getInputStream().readAllBytes();
            watch.close();
        }
        throw new AssertionError("the upload is not under way");
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
        socket.setSoTimeout(10_000);
        return socket;
    }

    private static void send(Socket client, String head) throws IOException {
        OutputStream out = client.getOutputStream();
        out.write(head.getBytes(UTF_8));
        out.flush();
    }

    private static void readUntil(Socket client, String expected) throws IOException {
        StringBuilder seen = new StringBuilder();
        InputStream in = client.getInputStream();
        while (seen.indexOf(expected) < 0) {
            int next = in.read();
            assertThat(next).as("the end came before %s: %s", expected, seen).isNotNegative();
            seen.append((char) next);
        }
    }
}
