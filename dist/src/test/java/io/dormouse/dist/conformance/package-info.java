/**
 * A plugin that offers every feature of a namespace to the clients of the tests, which see it from
 * their side. Packed into a JAR by the tests; knows nothing but {@code io.dormouse.api}.
 */
@NullMarked
package io.dormouse.dist.conformance;

import org.jspecify.annotations.NullMarked;
