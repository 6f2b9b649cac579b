/**
 * The commands that talk to a running host: a client of its admin REST. In come arguments, out go
 * tables for people or the host's JSON, and an exit code. Knows nothing of the rest of the host, so
 * that a command starts at once; added to the command line by the root.
 */
@NullMarked
package io.dormouse.host.cli;

import org.jspecify.annotations.NullMarked;
