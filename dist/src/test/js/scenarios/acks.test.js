import assert from "node:assert/strict";
import { collect, connect, next, scenario } from "../client.js";

const values = [
  null, true, false, 0, -1, 1.5, 1e21, 9007199254740991, "", "text", "ünï ☃ 𝄞 \u0000 \" \\ /", [], {},
  [null, [1, [2]]], { a: { b: [{ c: null }] }, "": 1 }, "x".repeat(10_000),
];

scenario("values arrive and come back as they are", async (t) => {
  const client = await connect(t);
  for (const value of values) {
    assert.deepEqual(await client.emitWithAck("echo", value), value);
  }
});

scenario("several arguments travel both ways", async (t) => {
  const client = await connect(t);
  const answer = await new Promise((resolve) => client.emit("echo", ...values, (...args) => resolve(args)));
  assert.deepEqual(answer, values);

  const root = await connect(t, "/");
  const back = next(root, "message-back");
  root.emit("message", 1, "2", { 3: [true] });
  assert.deepEqual(await back, [1, "2", { 3: [true] }]);
});

scenario("a handler without a value answers with an empty ack", async (t) => {
  const client = await connect(t);
  const answer = await new Promise((resolve) => client.emit("nothing", (...args) => resolve(args)));
  assert.deepEqual(answer, []);
});

scenario("a hundred questions at once get their own answers", async (t) => {
  const client = await connect(t);
  const questions = Array.from({ length: 100 }, (_, i) => i);
  assert.deepEqual(await Promise.all(questions.map((i) => client.emitWithAck("echo", i))), questions);
});

scenario("the server asks the client while it handles the client's event", async (t) => {
  const client = await connect(t);
  client.on("question", (question, answer) => answer(question.toUpperCase()));
  assert.equal(await client.emitWithAck("ask", "who?"), "WHO?");
});

scenario("the server waits no longer than it said", async (t) => {
  const client = await connect(t);
  assert.equal(await client.emitWithAck("ask-in-vain"), "no answer");
});

scenario("the client waits no longer than it said", async (t) => {
  const client = await connect(t, "/");
  await assert.rejects(client.timeout(200).emitWithAck("no such event"), /operation has timed out/);
});

scenario("a broadcast collects the answers of all", async (t) => {
  const clients = await Promise.all([1, 2, 3].map(() => connect(t)));
  for (const [i, client] of clients.entries()) {
    await client.emitWithAck("join", ["asked"]);
    client.on("question", (question, answer) => answer(`${question} ${i}`));
  }
  const replies = await clients[0].emitWithAck("ask-room", "asked", "ready?");
  assert.equal(replies.missing, 0);
  assert.deepEqual(replies.values.sort(), ["ready? 0", "ready? 1", "ready? 2"]);
});

scenario("a broadcast counts who did not answer", async (t) => {
  const clients = await Promise.all([1, 2, 3].map(() => connect(t)));
  for (const client of clients) {
    await client.emitWithAck("join", ["half-asked"]);
  }
  clients[1].on("question", (question, answer) => answer("only me"));
  assert.deepEqual(await clients[0].emitWithAck("ask-room", "half-asked", "ready?"), {
    values: ["only me"],
    missing: 2,
  });
});

scenario("a record is read from a payload, and what does not fit is an error as a value", async (t) => {
  const client = await connect(t);
  assert.equal(await client.emitWithAck("greet", { name: "Ada", age: 36, unknown: [1] }), "Ada is 36");
  for (const bad of [{ name: "Ada", age: "many" }, { name: ["Ada"], age: 1 }, "Ada", 36, [], null]) {
    const answer = await client.emitWithAck("greet", bad);
    assert.equal(answer?.error?.code, "bad_payload", JSON.stringify(bad));
    assert.equal(typeof answer.error.message, "string");
  }
  assert.equal((await client.emitWithAck("greet"))?.error?.code, "bad_payload", "no argument");
});

scenario("an error is a value of the ack", async (t) => {
  const client = await connect(t);
  assert.deepEqual(await client.emitWithAck("refuse"), {
    error: { code: "closed", message: "The shop is closed." },
  });
  client.emit("refuse");
  assert.equal(await client.emitWithAck("echo", "still here"), "still here");
});

scenario("a middleware of events sees them first, and may answer in the handler's place", async (t) => {
  const client = await connect(t);
  assert.deepEqual(await client.emitWithAck("forbidden", 1), {
    error: { code: "forbidden", message: "Nobody may do that." },
  });
  await client.emitWithAck("nothing");
  assert.equal(await client.emitWithAck("recall", "last-event"), "recall");
});

scenario("a catch-all hears what has no handler, and only that", async (t) => {
  const client = await connect(t);
  const any = collect(client, "any", 2);
  client.emit("unheard-of", 1, 2, 3);
  await client.emitWithAck("nothing");
  client.emit("toString");
  assert.deepEqual(await any, [
    ["unheard-of", 3],
    ["toString", 0],
  ]);
});

scenario("the server remembers what it is told of a socket, and only of that one", async (t) => {
  const [ada, bob] = await Promise.all([connect(t), connect(t)]);
  await ada.emitWithAck("remember", "thing", { deep: [1, null] });
  assert.deepEqual(await ada.emitWithAck("recall", "thing"), { deep: [1, null] });
  assert.equal(await bob.emitWithAck("recall", "thing"), null);
});
