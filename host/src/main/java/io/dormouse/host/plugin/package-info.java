/**
 * The plugin runtime. In come JARs from a folder, or plugin objects of a test; out go {@link
 * io.dormouse.host.namespace.Handlers}, opened in {@code namespace} all at once when a plugin has
 * started. What belongs to one loaded version lives in its generation and is dropped with it, so
 * that its classes can be collected. Called by the root.
 */
@NullMarked
package io.dormouse.host.plugin;

import org.jspecify.annotations.NullMarked;
