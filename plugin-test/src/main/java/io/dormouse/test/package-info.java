/**
 * The plugin test kit: a plugin's test runs it in a host in memory, without a port, in
 * milliseconds. The clients speak real packets, so that what passes here passes on the wire.
 */
@NullMarked
package io.dormouse.test;

import org.jspecify.annotations.NullMarked;
