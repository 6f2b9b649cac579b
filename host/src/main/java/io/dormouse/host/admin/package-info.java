/**
 * The admin listener's routes. In come requests of operators, probes and deployers, each checked
 * against its route's scope and parameters; out go JSON, Problem Details, server-sent events and
 * Prometheus' text. Called by the root, which opens the listener and feeds the log.
 */
@NullMarked
package io.dormouse.host.admin;

import org.jspecify.annotations.NullMarked;
