// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.engine;

import io.terrace.MetadataPatch;
import io.terrace.ObjectContext;
import io.terrace.ObjectId;
import io.terrace.ObjectMetadata;
import io.terrace.ObjectUploads;
import io.terrace.Payload;
import io.terrace.PutOptions;
import io.terrace.StoredObject;
import io.terrace.UploadId;
import io.terrace.UploadedPart;
import io.terrace.tiered.InspectionDepth;
import io.terrace.tiered.TieredObjectStore;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import reactor.core.publisher.Mono;

/** Each operation once, in an order in which each finds what it needs. */
final class EveryOperation {

    static final ObjectId ID = ObjectId.parse("tests/org=hidden-scope/hidden-key");

    static final MetadataPatch PATCH =
            MetadataPatch.builder().contentType("text/plain").build();

    private final Map<String, Mono<?>> objects = new LinkedHashMap<>();
    private final Map<String, Mono<?>> maintenance = new LinkedHashMap<>();
    final UploadId upload;

    EveryOperation(Engine engine) {
        TieredObjectStore store = engine.store;
        ObjectContext context = ID.context();
        ObjectUploads uploads = store.uploads();
        upload = Objects.requireNonNull(engine.finish(uploads.initiate(ID, ObjectMetadata.defaults())));
        UploadId given = Objects.requireNonNull(engine.finish(uploads.initiate(ID, ObjectMetadata.defaults())));
        UploadedPart part =
                Objects.requireNonNull(engine.finish(uploads.uploadPart(ID, upload, 1, Payload.ofText(Engine.LARGE))));

        objects.put("put", store.put(ID, ObjectMetadata.defaults(), Payload.ofText(Engine.SMALL)));
        objects.put("get", store.get(ID).flatMap(StoredObject::discard));
        objects.put("head", store.head(ID));
        objects.put("updateMetadata", store.updateMetadata(ID, PATCH));
        objects.put("copy", store.copy(ID, ObjectId.of(context, "hidden-key-too"), PutOptions.defaults()));
        objects.put("list", store.list(context, "", null, 10));
        objects.put("initiate", uploads.initiate(ID, ObjectMetadata.defaults()));
        objects.put("uploadPart", uploads.uploadPart(ID, upload, 2, Payload.ofText(Engine.SMALL)));
        objects.put("listParts", uploads.listParts(ID, upload, 0, 10));
        objects.put("complete", uploads.complete(ID, upload, List.of(part)));
        objects.put("abort", uploads.abort(ID, given));
        objects.put("delete", store.delete(ID));
        objects.put("deleteAll", store.deleteAll(context).then());

        maintenance.put("scan", store.scan("").then());
        maintenance.put("inspect", store.inspect(InspectionDepth.STRUCTURE).then());
        maintenance.put("recover", store.recover());
        maintenance.put("sweep", store.sweep());
        maintenance.put("maintain", store.maintain());
    }

    /** On objects and uploads, by name. */
    Map<String, Mono<?>> onObjects() {
        return objects;
    }

    Map<String, Mono<?>> all() {
        Map<String, Mono<?>> all = new LinkedHashMap<>(objects);
        all.putAll(maintenance);
        return all;
    }
}
