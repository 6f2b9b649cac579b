import assert from "node:assert/strict";
import { connect, connected, manager, mode, next, scenario } from "../client.js";
import { cable } from "../proxy.js";

/** A client in a room, and what a watcher hears when it leaves and when it has left. */
async function leaver(t, options = {}) {
  const name = t.name;
  const watcher = await connect(t);
  await watcher.emitWithAck("join", ["watchers"]);
  const about = (event) =>
    new Promise((resolve) => watcher.on(event, (departure) => departure.name === name && resolve(departure)));
  const left = Promise.all([about("leaving"), about("left")]);
  const client = await connect(t, "/features", { auth: { name }, ...options });
  await client.emitWithAck("join", ["a room"]);
  const expected = (reason) => [
    { name, rooms: ["a room"], reason },
    { name, rooms: [], reason },
  ];
  return { client, left, expected };
}

scenario("the client leaves: rooms are there while leaving, gone when left", async (t) => {
  const { client, left, expected } = await leaver(t);
  const gone = next(client, "disconnect");
  client.disconnect();
  assert.equal((await gone)[0], "io client disconnect");
  assert.deepEqual(await left, expected("client namespace disconnect"));
});

scenario("the client closes the connection", async (t) => {
  const { client, left, expected } = await leaver(t, { reconnection: false });
  client.io.engine.close();
  assert.deepEqual(await left, expected("transport close"));
});

scenario("the server ends one membership, the connection stays", async (t) => {
  const on = manager(t);
  const neighbour = await connect(t, "/pattern-x", { on });
  const { client, left, expected } = await leaver(t, { on });
  const gone = next(client, "disconnect");
  client.emit("disconnect-me", false);
  assert.equal((await gone)[0], "io server disconnect");
  assert.deepEqual(await left, expected("server namespace disconnect"));
  assert.equal(client.active, false, "does not come back by itself");

  const said = next(neighbour, "said");
  neighbour.emit("say", "still here");
  await said;
  const session = on.engine.id;
  await connected(client);
  assert.equal(on.engine.id, session);
  assert.equal(await client.emitWithAck("echo", "again"), "again");
});

scenario("the server closes the connection with all that is on it", async (t) => {
  const on = manager(t);
  const neighbour = await connect(t, "/pattern-x", { on });
  const { client, left, expected } = await leaver(t, { on });
  const [gone, neighbourGone, closed] = [next(client, "disconnect"), next(neighbour, "disconnect"), next(on.engine, "close")];
  client.emit("disconnect-me", true);
  assert.equal((await gone)[0], "io server disconnect");
  await neighbourGone;
  await closed;
  assert.deepEqual(await left, expected("server namespace disconnect"));
});

scenario("a client whose connection broke comes back as a new socket", async (t) => {
  const { url, cut, mend } = await cable(t);
  const { client, left } = await leaver(t, { url });
  const [id, session] = [client.id, client.io.engine.id];
  const [gone, back] = [next(client, "disconnect"), next(client, "connect")];
  cut();
  assert.match((await gone)[0], /^transport (close|error)$/);
  mend();
  await back;
  assert.notEqual(client.id, id);
  assert.notEqual(client.io.engine.id, session);
  assert.ok(!client.recovered);
  assert.deepEqual(await client.emitWithAck("leave", "nothing"), [], "rooms are not kept");
  assert.equal(await client.emitWithAck("echo", "again"), "again");
  if (mode !== "polling") {
    assert.match((await left)[1].reason, /^transport (close|error)$/);
  }
});

scenario("a client that hears nothing more is gone for both sides", async (t) => {
  const { url, mute } = await cable(t);
  const { client, left, expected } = await leaver(t, { url, reconnection: false });
  const gone = next(client, "disconnect");
  mute();
  assert.equal((await gone)[0], "ping timeout");
  // Both sides' clocks run out at nearly the same time: the host may see the client hang up first.
  const seen = await left;
  const reason = seen[0].reason;
  assert.ok(["ping timeout", "transport close"].includes(reason), reason);
  assert.deepEqual(seen, expected(reason));
});

scenario("heartbeats keep a silent connection", async (t) => {
  const client = await connect(t);
  for (let pings = 0; pings < 6; pings++) {
    await next(client.io, "ping");
  }
  assert.equal(await client.emitWithAck("echo", "awake"), "awake");
});

scenario("events sent while disconnected are sent after the return", async (t) => {
  const client = await connect(t);
  client.io.engine.close();
  const answer = client.emitWithAck("echo", "kept");
  assert.equal(await answer, "kept");
});
