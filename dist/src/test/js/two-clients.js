// An official client on each of two hosts, by polling with an upgrade and by WebSocket alone: what one says to the echo
// plugin, both hear. Arguments: the URLs.
import assert from "node:assert/strict";
import { once } from "node:events";
import { io } from "socket.io-client";

const [first, second] = process.argv.slice(2);
const options = { reconnection: false, timeout: 20_000 };
const ada = io(first, options);
const bob = io(second, { ...options, transports: ["websocket"] });
const signal = AbortSignal.timeout(30_000);

/** The next response that a client gets. */
const heard = async (client) => (await once(client, "response", { signal }))[0].echo;

await Promise.all([once(ada, "connect", { signal }), once(bob, "connect", { signal })]);
for (const [speaker, text] of [[ada, "from the first"], [bob, "from the second"]]) {
  const answers = Promise.all([heard(ada), heard(bob)]);
  speaker.emit("message", text);
  assert.deepEqual(await answers, [text, text]);
}
ada.close();
bob.close();
