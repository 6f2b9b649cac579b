package io.dormouse.host;

/** Why a host did not start, or what it did not heed: the end of the message. */
enum HostErrorCode {
  /** A value or a key of the configuration is wrong. */
  CONFIG_INVALID,
  /** The configuration file is missing, unreadable or no YAML. */
  CONFIG_UNREADABLE,
  /** Something in the environment has no effect. */
  CONFIG_IGNORED,
  /** A port cannot be opened. */
  BIND_FAILED,
  /** A certificate or key cannot be used. */
  TLS_INVALID,
  /** The plugins' folder cannot be read. */
  PLUGINS_UNREADABLE,
  /** The state folder cannot be written, or another host holds it. */
  STATE_FOLDER_UNUSABLE
}
