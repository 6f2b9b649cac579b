/**
 * A plugin whose namespace is served by several hosts at once, and by servers of Node and Python
 * beside them. Packed into a JAR by the tests; knows nothing but {@code io.dormouse.api}.
 */
@NullMarked
package io.dormouse.dist.cluster;

import org.jspecify.annotations.NullMarked;
