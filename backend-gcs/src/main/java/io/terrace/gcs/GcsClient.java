// SPDX-License-Identifier: Apache-2.0
package io.terrace.gcs;

import com.google.api.client.http.HttpTransport;
import com.google.api.client.http.apache.v2.ApacheHttpTransport;
import com.google.api.gax.retrying.BasicResultRetryAlgorithm;
import com.google.api.gax.retrying.ResultRetryAlgorithm;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.ServiceAccountCredentials;
import com.google.cloud.NoCredentials;
import com.google.cloud.ServiceOptions;
import com.google.cloud.http.HttpTransportOptions;
import com.google.cloud.storage.Storage;
import com.google.cloud.storage.StorageOptions;
import com.google.cloud.storage.StorageRetryStrategy;
import io.terrace.ConfigurationException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Makes the client: with timeouts, and without repetitions of its own, which would answer 412 for its own upload. */
final class GcsClient {

    private static final String SCOPE = "https://www.googleapis.com/auth/devstorage.read_write";

    private GcsClient() {}

    /** Never again: what may be repeated is for the caller to know. */
    private static final class NoRetries implements StorageRetryStrategy {
        private static final long serialVersionUID = 1L;

        @Override
        public ResultRetryAlgorithm<?> getIdempotentHandler() {
            return never();
        }

        @Override
        public ResultRetryAlgorithm<?> getNonidempotentHandler() {
            return never();
        }

        private static ResultRetryAlgorithm<Object> never() {
            return new BasicResultRetryAlgorithm<>() {
                @Override
                public boolean shouldRetry(@Nullable Throwable error, @Nullable Object answer) {
                    return false;
                }
            };
        }
    }

    /** The same client without repetitions. */
    static Storage of(Storage client) {
        return client.getOptions().toBuilder()
                .setRetrySettings(ServiceOptions.getNoRetrySettings())
                .setStorageRetryStrategy(new NoRetries())
                .build()
                .getService();
    }

    /**
     * Reads credentials, from a file or from the environment, and so may block.
     *
     * @param endpoint empty for Google's
     * @param project empty for that of the credentials
     */
    static Storage open(
            Connections connections,
            String endpoint,
            String project,
            @Nullable Path credentials,
            Duration connect,
            Duration read) {
        HttpTransport transport = new ApacheHttpTransport(connections);
        StorageOptions.Builder options = StorageOptions.http()
                .setTransportOptions(HttpTransportOptions.newBuilder()
                        .setHttpTransportFactory(() -> transport)
                        .setConnectTimeout(Math.toIntExact(connect.toMillis()))
                        .setReadTimeout(Math.toIntExact(read.toMillis()))
                        .build())
                .setRetrySettings(ServiceOptions.getNoRetrySettings())
                .setStorageRetryStrategy(new NoRetries());
        String billed = project;
        if (!endpoint.isEmpty()) {
            options.setHost(endpoint.endsWith("/") ? endpoint.substring(0, endpoint.length() - 1) : endpoint);
        }
        if (credentials == null && endpoint.startsWith("http://")) {
            options.setCredentials(NoCredentials.getInstance());
            billed = project.isEmpty() ? "none" : project;
        } else {
            GoogleCredentials found = credentials == null ? fromEnvironment() : fromFile(credentials);
            options.setCredentials(found);
            if (project.isEmpty()
                    && found instanceof ServiceAccountCredentials account
                    && account.getProjectId() != null) {
                billed = account.getProjectId();
            }
        }
        if (!billed.isEmpty()) {
            options.setProjectId(billed);
        }
        try {
            return options.build().getService();
        } catch (IllegalArgumentException noProject) {
            throw new ConfigurationException(
                    "No project is known for Google Cloud Storage: neither the option 'project' nor the environment names "
                            + "one. Set the option.",
                    noProject);
        }
    }

    private static GoogleCredentials fromFile(Path file) {
        try (InputStream json = Files.newInputStream(file)) {
            return ServiceAccountCredentials.fromStream(json).createScoped(SCOPE);
        } catch (IOException e) {
            // Neither the file nor its name belongs into a message: a parser may quote it.
            throw new ConfigurationException(
                    "The file that the option 'credentials-file' names cannot be read as the JSON key of a service "
                            + "account (" + e.getClass().getSimpleName()
                            + "). Create a key for the account and name its file.");
        }
    }

    private static GoogleCredentials fromEnvironment() {
        try {
            return GoogleCredentials.getApplicationDefault().createScoped(SCOPE);
        } catch (IOException e) {
            throw new ConfigurationException(
                    "There are no application default credentials for Google Cloud Storage. Set "
                            + "GOOGLE_APPLICATION_CREDENTIALS, run 'gcloud auth application-default login', set the option "
                            + "'credentials-file', or name another server with the option 'endpoint'.",
                    e);
        }
    }
}
