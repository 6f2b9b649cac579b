/**
 * The host as a process: the command line, the configuration, the two listeners with the start page
 * and the plugins' pages, the log, start order and stop order. Wires the other packages together;
 * nothing imports it.
 */
@NullMarked
package io.dormouse.host;

import org.jspecify.annotations.NullMarked;
