import assert from "node:assert/strict";
import { collect, connect, mode, scenario, settled, upgraded } from "../client.js";
import { cable } from "../proxy.js";

const numbers = Array.from({ length: 1000 }, (_, i) => i + 1);

scenario("a thousand events keep their order both ways, through the upgrade", async (t) => {
  const client = await connect(t, "/features", { early: true });
  const transports = new Set();
  client.on("number", () => transports.add(client.io.engine.transport.name));
  const [counted, down] = [collect(client, "counted", 1000), collect(client, "number", 1000)];
  for (const number of numbers) {
    client.emit("count", number);
    if (number === 500) {
      client.emit("count-to", 1000);
    }
    if (number % 50 === 0) {
      await new Promise(setImmediate);
    }
  }
  assert.deepEqual((await counted).flat(), numbers);
  assert.deepEqual((await down).flat(), numbers);
  assert.deepEqual(await client.emitWithAck("count-report"), { last: 1000, inOrder: true });
  if (mode !== "upgrade") {
    assert.deepEqual([...transports], [settled]);
  }
});

scenario("events around the very moment of the upgrade keep their order", { when: mode === "upgrade" }, async (t) => {
  const { url, holdUpgrades } = await cable(t);
  const letUpgrade = holdUpgrades();
  const client = await connect(t, "/features", { url, early: true });
  const engine = client.io.engine;
  assert.equal(engine.transport.name, "polling");
  const [counted, down] = [collect(client, "counted", 1000), collect(client, "number", 1000)];
  let sent = 0;
  const send = (upTo) => {
    while (sent < upTo) {
      client.emit("count", ++sent);
    }
  };
  send(100);
  client.emit("count-to", 1000);
  engine.on("upgrading", () => send(400));
  engine.on("upgrade", () => send(1000));
  letUpgrade();
  assert.deepEqual((await counted).flat(), numbers);
  assert.deepEqual((await down).flat(), numbers);
  assert.deepEqual(await client.emitWithAck("count-report"), { last: 1000, inOrder: true });
  assert.equal(engine.transport.name, "websocket");
});

scenario("many clients upgrade while everybody hears everything", { when: mode === "upgrade" }, async (t) => {
  const { url, holdUpgrades } = await cable(t);
  const letUpgrade = holdUpgrades();
  const clients = await Promise.all(numbers.slice(0, 20).map(() => connect(t, "/features", { url, early: true })));
  const room = ["upgrading"];
  const heard = clients.map((client) => collect(client, "said", 100));
  await Promise.all(clients.map((client) => client.emitWithAck("join", room)));
  letUpgrade();
  for (let i = 0; i < 100; i++) {
    clients[0].emit("say", "namespace", room, [], i.toString());
    await new Promise(setImmediate);
  }
  for (const said of await Promise.all(heard)) {
    assert.deepEqual(said.flat(), numbers.slice(0, 100).map((_, i) => i.toString()));
  }
  await Promise.all(clients.map(upgraded));
});
