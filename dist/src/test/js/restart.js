// Connects by each transport, says so, and ends well when all have come back after a restart.
import assert from "node:assert/strict";
import { io } from "socket.io-client";

const clients = [["polling"], ["websocket"], ["polling", "websocket"]].map((transports) =>
  io(`${process.env.DORMOUSE_URL}/features`, {
    transports,
    forceNew: true,
    reconnectionDelay: 20,
    reconnectionDelayMax: 100,
  }),
);
const all = (event) =>
  Promise.all(clients.map((client) => new Promise((resolve) => client.once(event, resolve))));

await all("connect");
const gone = all("disconnect");
console.log("connected");
for (const reason of await gone) {
  assert.match(reason, /^transport (close|error)$/);
}
await all("connect");
for (const client of clients) {
  assert.equal(await client.emitWithAck("echo", "again"), "again");
  client.close();
}
