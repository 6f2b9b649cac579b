/** Versions of one plugin, for tests that replace it under live sockets. */
@NullMarked
package io.dormouse.dist.versions;

import org.jspecify.annotations.NullMarked;
