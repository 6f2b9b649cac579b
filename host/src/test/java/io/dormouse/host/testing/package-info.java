/** Parts that tests of several packages use. */
@NullMarked
package io.dormouse.host.testing;

import org.jspecify.annotations.NullMarked;
