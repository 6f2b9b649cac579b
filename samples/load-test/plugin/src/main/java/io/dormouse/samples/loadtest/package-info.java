/**
 * The load test's plugin: in {@code /}, the same three events that every peer answers. Known only
 * to the load generator beside it.
 */
@NullMarked
package io.dormouse.samples.loadtest;

import org.jspecify.annotations.NullMarked;
