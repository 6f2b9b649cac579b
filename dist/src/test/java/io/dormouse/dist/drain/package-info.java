/** A plugin whose handlers take their time, for hosts that leave meanwhile. */
@NullMarked
package io.dormouse.dist.drain;

import org.jspecify.annotations.NullMarked;
