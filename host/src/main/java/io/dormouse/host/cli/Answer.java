package io.dormouse.host.cli;

/**
 * What the host said when all went well.
 *
 * @param text JSON, or empty
 */
record Answer(int status, String text, Json json) {}
