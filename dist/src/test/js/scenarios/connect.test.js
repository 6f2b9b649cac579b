import assert from "node:assert/strict";
import { connect, connected, manager, mode, next, refusal, scenario, settled, socket, upgraded } from "../client.js";

scenario("connects by the transport asked for", async (t) => {
  const client = await connect(t);
  assert.ok(client.id);
  assert.ok(!client.recovered);
  assert.equal(client.io.engine.transport.name, settled);
  assert.equal(await client.emitWithAck("transport"), settled);
});

scenario("begins with polling where an upgrade follows", { when: mode === "upgrade" }, async (t) => {
  const client = socket(t, "/features");
  const opened = next(client.io, "open");
  client.connect();
  await opened;
  assert.equal(client.io.engine.transport.name, "polling");
  await upgraded(client);
});

scenario("a namespace's id is not the session's", async (t) => {
  const on = manager(t);
  const one = await connect(t, "/features", { on });
  const two = await connect(t, "/pattern-x", { on });
  assert.notEqual(one.id, two.id);
  assert.notEqual(one.id, on.engine.id);
});

scenario("auth arrives, and what the server emits on connection comes after connect", async (t) => {
  const client = socket(t, "/", { auth: { token: "123", deep: [{ a: null }] } });
  const order = [];
  client.on("connect", () => order.push("connect"));
  client.on("auth", () => order.push("auth"));
  const [auth] = await Promise.all([next(client, "auth"), connected(client)]);
  assert.deepEqual(auth, [{ token: "123", deep: [{ a: null }] }]);
  assert.deepEqual(order, ["connect", "auth"]);
});

scenario("auth may be a function, and may be absent", async (t) => {
  const client = socket(t, "/", { auth: (give) => give({ token: "later" }) });
  assert.deepEqual((await Promise.all([next(client, "auth"), connected(client)]))[0], [{ token: "later" }]);
  const bare = socket(t, "/custom");
  assert.deepEqual((await Promise.all([next(bare, "auth"), connected(bare)]))[0], [{}]);
});

scenario("an unknown namespace is refused in Node's words", async (t) => {
  for (const name of ["/nowhere", "/features/deeper", "/Features", "/pattern-", "/pattern-a/b"]) {
    const client = socket(t, name);
    const error = await refusal(client);
    assert.equal(error.message, "Invalid namespace", name);
    assert.equal(error.data, undefined);
    assert.equal(client.active, false, "does not try again");
  }
});

scenario("a refusal carries message and data, and the connection can be used for another try", async (t) => {
  const on = manager(t);
  await connect(t, "/", { on });
  const session = on.engine.id;
  const client = socket(t, "/private", { on, auth: { token: "wrong" } });
  const error = await refusal(client);
  assert.equal(error.message, "not authorized");
  assert.deepEqual(error.data, { code: 401 });
  assert.equal(client.connected, false);

  client.auth = { token: "secret" };
  await connected(client);
  assert.equal(on.engine.id, session);
});

scenario("a middleware refuses with message and data", async (t) => {
  const error = await refusal(socket(t, "/features", { auth: { refuse: "not today" } }));
  assert.equal(error.message, "not today");
  assert.deepEqual(error.data, { code: 403, by: "middleware" });
});

scenario("a failure on the server's side is a refusal that tells nothing", async (t) => {
  const error = await refusal(socket(t, "/broken"));
  assert.ok(error.message.length > 0);
  assert.doesNotMatch(error.message, /nobody outside/);
  assert.equal(error.data, undefined);
});

scenario("the server sees the handshake", async (t) => {
  const before = Date.now();
  const client = await connect(t, "/features", {
    query: { colour: "blue & green", list: "{a|b}" },
    extraHeaders: { "X-Test": "a header" },
    auth: { name: "Ada" },
  });
  const seen = await client.emitWithAck("handshake");
  assert.deepEqual(seen.auth, { name: "Ada" });
  assert.equal(seen.query.colour, "blue & green");
  assert.equal(seen.query.list, "{a|b}");
  assert.equal(seen.query.EIO, "4");
  assert.equal(seen.query.transport, mode === "websocket" ? "websocket" : "polling");
  assert.equal(seen["test-header"], "a header");
  assert.equal(seen.headers["x-test"], "a header");
  assert.equal(seen.address, "127.0.0.1");
  assert.equal(seen.secure, false);
  assert.equal(seen.xdomain, false);
  assert.match(seen.url, /^\/socket\.io\/\?/);
  assert.ok(seen.issued >= before - 1000 && seen.issued <= Date.now() + 1000);
});

scenario("a path without the last slash is the same", async (t) => {
  const client = await connect(t, "/features", { path: "/socket.io", addTrailingSlash: false });
  assert.deepEqual(await client.emitWithAck("echo", 1), 1);
});

scenario("many namespaces share one connection and nothing else", async (t) => {
  const on = manager(t);
  const names = Array.from({ length: 20 }, (_, i) => `child${i}`);
  const clients = await Promise.all(
    names.map(async (name) => {
      const client = socket(t, `/pattern-${name}`, { on });
      const [welcome] = await Promise.all([next(client, "welcome"), connected(client)]);
      assert.deepEqual(welcome, [{ name }, `/pattern-${name}`]);
      return client;
    }),
  );
  assert.equal(new Set(clients.map((client) => client.id)).size, names.length);
  assert.equal(new Set(clients.map((client) => client.io.engine.id)).size, 1);

  const said = clients.map((client) => next(client, "said"));
  clients.forEach((client, i) => client.emit("say", `text ${i}`));
  assert.deepEqual(await Promise.all(said), names.map((name, i) => [name, `text ${i}`]));

  clients[0].disconnect();
  const again = next(clients[1], "said");
  clients[1].emit("say", "still here");
  assert.deepEqual(await again, ["child1", "still here"]);
});

scenario("a pattern's children are apart, the pattern reaches all of them", async (t) => {
  const [red, alsoRed, blue] = await Promise.all(
    ["red", "red", "blue"].map((name) => connect(t, `/pattern-${name}`)),
  );
  const first = [red, alsoRed, blue].map((client) => next(client, "said"));
  red.emit("say", "to the red");
  assert.deepEqual(await first[0], ["red", "to the red"]);
  assert.deepEqual(await first[1], ["red", "to the red"]);
  red.emit("say-everywhere", "to all");
  assert.deepEqual(await first[2], ["*", "to all"], "nothing of the others came before");
});

scenario("a plugin emits into a namespace other than the socket's", async (t) => {
  const listener = await connect(t);
  await listener.emitWithAck("join", ["listeners"]);
  const said = next(listener, "said");
  (await connect(t, "/pattern-x")).emit("say-elsewhere", "hello");
  assert.deepEqual(await said, ["hello"]);
});
