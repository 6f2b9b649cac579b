/**
 * A plugin that is replaced while it is used. Packed into JARs of several versions by the tests.
 */
@NullMarked
package io.dormouse.dist.swap;

import org.jspecify.annotations.NullMarked;
