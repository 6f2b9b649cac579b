/**
 * Tests of host and plugins together: a host in a process of its own, started from the distribution
 * as people start it, and real clients.
 */
@NullMarked
package io.dormouse.dist;

import org.jspecify.annotations.NullMarked;
