package io.dormouse.host.namespace;

import io.dormouse.host.protocol.ValueCodec;

/**
 * The loaded version of a plugin behind some handlers.
 *
 * @param codec reads and writes values of the plugin's classes
 * @param loader the context class loader of its handlers' threads
 */
public record Owner(String pluginId, ValueCodec codec, ClassLoader loader) {}
