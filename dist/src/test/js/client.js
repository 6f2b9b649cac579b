// Connects as the test run asks: DORMOUSE_URL is the host, DORMOUSE_TRANSPORT is polling, websocket
// or upgrade.
import { test } from "node:test";
import { Manager } from "socket.io-client";

export const url = process.env.DORMOUSE_URL;
export const mode = process.env.DORMOUSE_TRANSPORT;

const transports = mode === "upgrade" ? ["polling", "websocket"] : [mode];
/** The transport in use once a connection has settled. */
export const settled = transports.at(-1);

/** A test with a bound of its own, so that what hangs is named. `when: false` leaves it out. */
export function scenario(name, ...rest) {
  const body = rest.pop();
  const { when = true } = rest[0] ?? {};
  test(name, { timeout: 15_000, skip: !when && `not with ${mode}` }, body);
}

/** The next event of this name, as the array of its arguments. */
export function next(emitter, event) {
  return new Promise((resolve) => emitter.once(event, (...args) => resolve(args)));
}

/** The arguments of the next `count` events of this name, in order. */
export function collect(emitter, event, count) {
  return new Promise((resolve) => {
    const seen = [];
    const listener = (...args) => {
      seen.push(args);
      if (seen.length === count) {
        emitter.off(event, listener);
        resolve(seen);
      }
    };
    emitter.on(event, listener);
  });
}

/** A connection of its own, which ends with the test `t`. */
export function manager(t, options = {}) {
  const created = new Manager(options.url ?? url, {
    transports,
    forceNew: true,
    autoConnect: false,
    reconnectionDelay: 20,
    reconnectionDelayMax: 50,
    ...options,
  });
  t.after(() => {
    created.reconnection(false);
    created._close();
  });
  return created;
}

/** A socket of a namespace, not connected yet. */
export function socket(t, namespace, { auth, on, ...options } = {}) {
  return (on ?? manager(t, options)).socket(namespace, { auth });
}

/** Connects and waits for the answer, and for the upgrade where there is one. */
export async function connect(t, namespace = "/features", options = {}) {
  const created = socket(t, namespace, options);
  await connected(created);
  if (!options.early) {
    await upgraded(created);
  }
  return created;
}

/** Waits for `connect`; a refusal is an error. */
export function connected(created) {
  return new Promise((resolve, reject) => {
    created.once("connect", resolve);
    created.once("connect_error", reject);
    created.connect();
  });
}

export async function upgraded(created) {
  const engine = created.io.engine;
  if (engine.transport.name !== settled) {
    await next(engine, "upgrade");
  }
}

/** The error with which a connection is refused. */
export async function refusal(created) {
  const refused = next(created, "connect_error");
  created.connect();
  return (await refused)[0];
}

/**
 * Waits until all that was sent to `created` before has arrived: an answer cannot overtake an event.
 */
export function settle(created) {
  return created.emitWithAck("echo");
}

/** Records the first argument of every event of this name. */
export function record(created, event) {
  const seen = [];
  created.on(event, (value) => seen.push(value));
  return seen;
}
