import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { connect, mode, next, scenario } from "../client.js";

scenario("binary travels inside records and lists, in events and acks", async (t) => {
  const client = await connect(t);
  const first = Buffer.from([1, 2, 3, 255, 0]);
  const rest = [Buffer.from("one"), Buffer.alloc(0), Buffer.from("three")];
  const expected = {
    first: Buffer.from([0, 255, 3, 2, 1]),
    rest: [Buffer.from("three"), Buffer.alloc(0), Buffer.from("one")],
  };
  const reversed = next(client, "reversed");
  assert.deepEqual(await client.emitWithAck("reverse", { first, rest }), expected);
  assert.deepEqual(await reversed, [expected, "and text"]);
});

scenario("binary beside other arguments, and the same twice", async (t) => {
  const client = await connect(t, "/");
  const bytes = Buffer.from([9, 8, 7]);
  const answer = new Promise((resolve) =>
    client.emit("message-with-ack", "a", bytes, { b: [bytes, null] }, (...args) => resolve(args)),
  );
  assert.deepEqual(await answer, ["a", bytes, { b: [bytes, null] }]);
  const back = next(client, "message-back");
  client.emit("message", bytes, 1);
  assert.deepEqual(await back, [bytes, 1]);
});

scenario("a megabyte comes back as it was", async (t) => {
  const client = await connect(t);
  const megabyte = randomBytes(1_000_000);
  assert.ok(megabyte.equals(await client.emitWithAck("echo", megabyte)));
  const text = megabyte.toString("base64");
  assert.ok(text === (await client.emitWithAck("echo", text)));
});

scenario("binary and text keep their order", async (t) => {
  const client = await connect(t);
  const answers = await Promise.all(
    Array.from({ length: 200 }, (_, i) => client.emitWithAck("echo", i % 2 ? Buffer.from([i]) : i)),
  );
  answers.forEach((answer, i) => assert.deepEqual(answer, i % 2 ? Buffer.from([i]) : i));
});

scenario("more than the host takes closes that connection alone", async (t) => {
  const [greedy, other] = await Promise.all([connect(t), connect(t)]);
  const gone = next(greedy, "disconnect");
  greedy.emit("echo", Buffer.alloc(2_100_000));
  assert.match((await gone)[0], mode === "polling" ? /transport error|transport close/ : /transport close/);
  assert.equal(await other.emitWithAck("echo", "unharmed"), "unharmed");
});
