/** The usual first Socket.IO app: whatever one client says, everyone in {@code /} hears. */
@NullMarked
package io.dormouse.plugins.echo;

import org.jspecify.annotations.NullMarked;
