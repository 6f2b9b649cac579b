/** A plugin whose handlers wait, hang, spin and throw. Packed into a JAR by the tests. */
@NullMarked
package io.dormouse.dist.trouble;

import org.jspecify.annotations.NullMarked;
