/**
 * The admin listener's routes: health and metrics. In come plain HTTP requests of operators and
 * probes; out go short JSON and Prometheus' text. Called by the root, which opens the listener.
 */
@NullMarked
package io.dormouse.host.admin;

import org.jspecify.annotations.NullMarked;
