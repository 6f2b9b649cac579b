package io.dormouse.host.plugin;

/**
 * What the generations of one plugin hand on to each other.
 *
 * @param state the plugin's own values
 * @param tasks when its tasks are due
 * @param leases which host runs a task that runs once
 * @param metrics what it has counted
 */
record Heritage(StateStore state, TaskTimes tasks, TaskLeases leases, ExportedMetrics metrics) {}
