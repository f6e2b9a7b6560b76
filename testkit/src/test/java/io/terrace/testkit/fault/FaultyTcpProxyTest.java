// SPDX-License-Identifier: Apache-2.0
package io.terrace.testkit.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Against a server that sends back what it gets. */
class FaultyTcpProxyTest {

    private static final int PATIENCE_MILLIS = 5000;
    private static final int GLANCE_MILLIS = 50;

    private final ServerSocket server = listen();
    private final AtomicInteger received = new AtomicInteger();
    private final FaultyTcpProxy proxy =
            FaultyTcpProxy.to(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getLocalPort()));

    FaultyTcpProxyTest() {
        ProxiedConnection.start("server", this::serve);
    }

    @AfterEach
    void close() throws IOException {
        proxy.close();
        server.close();
    }

    @Test
    void everythingPassesBothWays() throws IOException {
        try (Socket client = connect()) {
            assertThat(exchange(client, "hello")).isEqualTo("hello");
            assertThat(exchange(client, "again")).isEqualTo("again");
        }
        assertThat(proxy.accepted()).isEqualTo(1);
        assertThat(proxy.requestBytes()).isEqualTo(10);
        assertThat(proxy.answerBytes()).isEqualTo(10);
    }

    @Test
    void anAnswerThatIsHeldComesWhenItFlowsAgain() throws IOException {
        try (Socket client = connect()) {
            exchange(client, "hello");
            proxy.holdAnswers();
            send(client, "later");
            awaitReceived(10);
            client.setSoTimeout(GLANCE_MILLIS);
            assertThatThrownBy(() -> receive(client, 1)).isInstanceOf(SocketTimeoutException.class);

            proxy.flow();
            client.setSoTimeout(PATIENCE_MILLIS);
            assertThat(receive(client, 5)).isEqualTo("later");
        }
    }

    @Test
    void anAnswerThatIsLostEndsItsConnectionAndNoOther() throws IOException {
        try (Socket client = connect();
                Socket other = connect()) {
            exchange(client, "hello");
            exchange(other, "hello");
            proxy.holdAnswers();
            send(client, "lost!");
            awaitReceived(15);
            awaitHeld();
            proxy.loseHeld();

            assertThatThrownBy(() -> receive(client, 1)).isInstanceOf(IOException.class);
            assertThat(exchange(other, "still")).isEqualTo("still");
        }
    }

    @Test
    void requestsThatAreHeldDoNotReachTheServer() throws IOException {
        try (Socket client = connect()) {
            exchange(client, "hello");
            proxy.holdRequests();
            send(client, "never");
            awaitHeld();
            proxy.loseHeld();

            assertThatThrownBy(() -> receive(client, 1)).isInstanceOf(IOException.class);
            assertThat(received).hasValue(5);
        }
    }

    @Test
    void aConnectionIsCutAfterThatManyBytesAndAsOftenAsSaid() throws IOException {
        proxy.cutRequestsAfter(3, 1);
        try (Socket client = connect()) {
            assertThat(exchange(client, "abc")).isEqualTo("abc");
            send(client, "d");
            assertThatThrownBy(() -> receive(client, 1)).isInstanceOf(IOException.class);
        }
        assertThat(received).hasValue(3);
        try (Socket client = connect()) {
            assertThat(exchange(client, "whole")).isEqualTo("whole");
        }
    }

    @Test
    void answersAreCutToo() throws IOException {
        proxy.cutAnswersAfter(2, 1);
        try (Socket client = connect()) {
            send(client, "hello");
            assertThatThrownBy(() -> receive(client, 5)).isInstanceOf(IOException.class);
        }
        assertThat(received).hasValue(5);
        assertThat(proxy.answerBytes()).isEqualTo(2);
    }

    @Test
    void answersAreEndedAsAServerEndsThem() throws IOException {
        proxy.endAnswersAfter(2, 1);
        try (Socket client = connect()) {
            send(client, "hello");
            assertThat(client.getInputStream().readAllBytes())
                    .asString(StandardCharsets.US_ASCII)
                    .isEqualTo("he");
            // It is still listened to, so that no reset overtakes what it was sent.
            send(client, "what?");
            assertThat(client.getInputStream().read()).isNegative();
            assertThat(proxy.connections()).isEqualTo(1);
        }
        await("the connection is forgotten", () -> proxy.connections() == 0);
        assertThat(proxy.cuts()).isEqualTo(1);
        try (Socket client = connect()) {
            assertThat(exchange(client, "whole")).isEqualTo("whole");
        }
        assertThat(proxy.cuts()).isEqualTo(1);
    }

    @Test
    void oneBitIsChanged() throws IOException {
        try (Socket client = connect()) {
            proxy.changeRequestsAfter(1);
            assertThat(exchange(client, "aaaa")).isEqualTo("a`aa");
            proxy.changeAnswersAfter(4);
            assertThat(exchange(client, "aaaa")).isEqualTo("aaaa");
            assertThat(exchange(client, "aaaa")).isEqualTo("`aaa");
        }
    }

    @Test
    void aResetEndsAllThatThereAreAndNewOnesAreTaken() throws IOException {
        try (Socket client = connect()) {
            exchange(client, "hello");
            assertThat(proxy.connections()).isEqualTo(1);
            proxy.reset();
            assertThatThrownBy(() -> receive(client, 1)).isInstanceOf(IOException.class);
            assertThat(proxy.connections()).isZero();
        }
        try (Socket client = connect()) {
            assertThat(exchange(client, "again")).isEqualTo("again");
        }
    }

    private Socket connect() throws IOException {
        Socket client = new Socket();
        client.connect(proxy.address());
        client.setSoTimeout(PATIENCE_MILLIS);
        return client;
    }

    private static String exchange(Socket client, String text) throws IOException {
        send(client, text);
        return receive(client, text.length());
    }

    private static void send(Socket client, String text) throws IOException {
        client.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static String receive(Socket client, int length) throws IOException {
        byte[] bytes = client.getInputStream().readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException();
        }
        return new String(bytes, StandardCharsets.US_ASCII);
    }

    private void awaitReceived(int bytes) {
        await("the server has got it", () -> received.get() >= bytes);
    }

    private void awaitHeld() {
        await("something is held back", proxy::holds);
    }

    private static void await(String what, BooleanSupplier happened) {
        long end = System.nanoTime() + PATIENCE_MILLIS * 1_000_000L;
        while (!happened.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited in vain until %s", what).isLessThan(end);
            Thread.onSpinWait();
        }
    }

    private static ServerSocket listen() {
        try {
            return new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private void serve() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                ProxiedConnection.start("echo", () -> echo(client));
            } catch (IOException closed) {
                // The condition says it.
            }
        }
    }

    private void echo(Socket client) {
        byte[] buffer = new byte[100];
        try (client) {
            InputStream in = client.getInputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                received.addAndGet(read);
                client.getOutputStream().write(buffer, 0, read);
            }
        } catch (IOException broken) {
            // As the test wants it.
        }
    }
}
