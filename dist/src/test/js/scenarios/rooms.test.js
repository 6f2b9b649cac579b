import assert from "node:assert/strict";
import { connect, next, record, scenario, settle } from "../client.js";

/** Three clients in rooms of this test alone: ada in red, bob in red and blue, eve in blue. */
async function three(t) {
  const [red, blue] = [`red ${t.name}`, `blue ${t.name}`];
  const [ada, bob, eve] = await Promise.all(
    ["ada", "bob", "eve"].map((name) => connect(t, "/features", { auth: { name } })),
  );
  await ada.emitWithAck("join", [red]);
  await bob.emitWithAck("join", [red, blue]);
  await eve.emitWithAck("join", [blue]);
  const heard = { ada: record(ada, "said"), bob: record(bob, "said"), eve: record(eve, "said") };
  const all = async (from, rooms, except, text) => {
    await ada.emitWithAck("say", from, rooms, except, text);
    await Promise.all([ada, bob, eve].map(settle));
    return ["ada", "bob", "eve"].filter((name) => heard[name].splice(0).includes(text));
  };
  return { ada, bob, eve, red, blue, heard, reached: all };
}

scenario("a room reaches who is in it, once", async (t) => {
  const { reached, heard, red, blue, ada, bob } = await three(t);
  assert.deepEqual(await reached("namespace", [red], [], "1"), ["ada", "bob"]);
  assert.deepEqual(await reached("namespace", [blue], [], "2"), ["bob", "eve"]);
  assert.deepEqual(await reached("namespace", [], [], "3"), ["ada", "bob", "eve"]);
  assert.deepEqual(await reached("namespace", ["nobody's"], [], "4"), []);
  await ada.emitWithAck("say", "namespace", [red, blue], [], "twice?");
  await settle(bob);
  assert.deepEqual(heard.bob, ["twice?"]);
});

scenario("a socket's own operators leave itself out", async (t) => {
  const { reached, red, blue } = await three(t);
  assert.deepEqual(await reached("socket", [red], [], "1"), ["bob"]);
  assert.deepEqual(await reached("socket", [red, blue], [], "2"), ["bob", "eve"]);
  assert.deepEqual(await reached("others", [], [], "3"), ["bob", "eve"]);
});

scenario("except leaves out rooms and single sockets", async (t) => {
  const { reached, red, blue, bob } = await three(t);
  assert.deepEqual(await reached("namespace", [red], [blue], "1"), ["ada"]);
  assert.deepEqual(await reached("namespace", [], [red], "2"), ["eve"]);
  assert.deepEqual(await reached("others", [], [bob.id], "3"), ["eve"]);
});

scenario("volatile, local and uncompressed packets arrive at who reads", async (t) => {
  const { reached } = await three(t);
  assert.deepEqual(await reached("local", [], [], "1"), ["ada", "bob", "eve"]);
  // A volatile packet may be dropped while a poll is under way: the answer to one of several counts.
  let heard = [];
  for (let tries = 0; tries < 100 && heard.length < 2; tries++) {
    heard = await reached("volatile", [], [], `volatile ${tries}`);
  }
  assert.deepEqual(heard, ["bob", "eve"]);
});

scenario("each socket is in a room of its own id", async (t) => {
  const { ada, bob, reached } = await three(t);
  assert.equal(await ada.emitWithAck("in-own-room"), true);
  assert.deepEqual(await reached("namespace", [bob.id], [], "for one"), ["bob"]);
});

scenario("who left a room hears it no longer", async (t) => {
  const { bob, red, blue, reached } = await three(t);
  assert.deepEqual(await bob.emitWithAck("leave", red), [blue]);
  assert.deepEqual(await bob.emitWithAck("leave", "never joined"), [blue]);
  assert.deepEqual(await reached("namespace", [red], [], "1"), ["ada"]);
});

scenario("a room is empty after its socket has gone", async (t) => {
  const { ada, bob, red } = await three(t);
  await ada.emitWithAck("join", ["watchers"]);
  const left = next(ada, "left");
  bob.disconnect();
  await left;
  assert.deepEqual(await ada.emitWithAck("fetch", red), [{ id: ada.id, rooms: [red, "watchers"].sort(), name: "ada" }]);
});

scenario("fetchSockets finds sockets with rooms and data", async (t) => {
  const { ada, bob, eve, red, blue } = await three(t);
  const found = await ada.emitWithAck("fetch", blue);
  assert.deepEqual(
    found.sort((a, b) => a.name.localeCompare(b.name)),
    [
      { id: bob.id, rooms: [blue, red], name: "bob" },
      { id: eve.id, rooms: [blue], name: "eve" },
    ],
  );
  assert.deepEqual(await ada.emitWithAck("fetch", "nobody's"), []);
});

scenario("socketsJoin and socketsLeave move many at once", async (t) => {
  const { ada, red, blue, reached } = await three(t);
  await ada.emitWithAck("sockets-join", blue, red);
  assert.deepEqual(await reached("namespace", [red], [], "1"), ["ada", "bob", "eve"]);
  await ada.emitWithAck("sockets-leave", red);
  assert.deepEqual(await reached("namespace", [red], [], "2"), []);
});

scenario("disconnectSockets ends their membership, or their connections", async (t) => {
  const { ada, bob, eve, red, blue } = await three(t);
  const [bobGone, eveGone, adaGone] = [bob, eve, ada].map((client) => next(client, "disconnect"));
  await ada.emitWithAck("disconnect-sockets", blue, false);
  assert.equal((await bobGone)[0], "io server disconnect");
  assert.equal((await eveGone)[0], "io server disconnect");

  const closed = next(ada.io.engine, "close");
  ada.emit("disconnect-sockets", red, true);
  assert.equal((await adaGone)[0], "io server disconnect");
  await closed;
});
