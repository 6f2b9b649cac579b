// Connects by each transport, says so, and ends well when all have come to another host by
// themselves, with one reconnection each.
import assert from "node:assert/strict";
import { io } from "socket.io-client";

const clients = [["polling"], ["websocket"], ["polling", "websocket"]].map((transports) =>
  io(`${process.env.DORMOUSE_URL}/drain`, { transports, forceNew: true }),
);
const all = (event) =>
  Promise.all(clients.map((client) => new Promise((resolve) => client.once(event, resolve))));
const where = () => Promise.all(clients.map((client) => client.emitWithAck("where", 1)));

await all("connect");
const before = await where();
let returns = 0;
clients.forEach((client) => client.on("connect", () => returns++));
const gone = all("disconnect");
const back = all("connect");
while (clients[2].io.engine.transport.name !== "websocket") {
  await new Promise((resolve) => setTimeout(resolve, 10));
}
console.log("connected");
for (const reason of await gone) {
  assert.match(reason, /^transport (close|error)$/);
}
await back;
const after = await where();
after.forEach((host, i) => assert.notEqual(host, before[i]));
assert.equal(returns, clients.length);
clients.forEach((client) => client.close());
