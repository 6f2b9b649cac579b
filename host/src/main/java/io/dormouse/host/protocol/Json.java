package io.dormouse.host.protocol;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** How the host reads and writes JSON. */
final class Json {
  /** Far more than anybody means; what contains itself is found by it. */
  static final int MAX_WRITTEN_NESTING = 200;

  /** For values of plugins: what was written is read again, whatever clients may send. */
  static final DecoderLimits WRITTEN =
      new DecoderLimits(0, MAX_WRITTEN_NESTING, 0, 100_000, 50_000);

  private static final Map<DecoderLimits, JsonFactory> FACTORIES = new ConcurrentHashMap<>();

  private Json() {}

  /** The same factory for the same limits, since each is large and every connection needs one. */
  static JsonFactory factory(DecoderLimits limits) {
    return FACTORIES.computeIfAbsent(limits, Json::newFactory);
  }

  /** A factory that shares nothing with others but the pool of buffers. */
  static JsonFactory newFactory(DecoderLimits limits) {
    JsonFactoryBuilder builder =
        new JsonFactoryBuilder()
            .streamReadConstraints(
                StreamReadConstraints.builder()
                    .maxNestingDepth(limits.maxNesting())
                    .maxNumberLength(limits.maxNumberLength())
                    // Jackson remembers thousands of keys: long ones would fill the memory.
                    .maxNameLength(limits.maxKeyLength())
                    .build())
            .streamWriteConstraints(
                StreamWriteConstraints.builder().maxNestingDepth(MAX_WRITTEN_NESTING).build())
            // Buffers by thread would be buffers by virtual thread, one for each idle connection.
            .recyclerPool(JsonRecyclerPools.sharedConcurrentDequePool())
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            // Keys chosen to collide would fill the table of known keys, which all connections
            // share, until honest ones are refused or its index runs out of bounds.
            .disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
            .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8);
    return builder.build();
  }
}
