// Many clients behind a balancer: half of them poll only, the others upgrade. Each sends numbered events,
// whose acks tell the number that its socket sent before; the first also says numbered words to all, on
// every host. Prints what went wrong.
import { randomUUID } from "node:crypto";
import { io } from "socket.io-client";

const CLIENTS = Number(process.env.CLIENTS);
const EVENTS = Number(process.env.EVENTS);
const EVERY_MS = 400;
const result = { answered: 0, upgraded: 0, disconnects: 0, unanswered: 0, disorder: 0, unheard: 0, misheard: 0 };
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const said = EVENTS * 2;

// Chance says who polls. With every second client, and a balancer that takes turns, all upgrades may come to
// the host of their session.
const polling = Array.from({ length: CLIENTS }, (_, i) => i % 2 === 0);
for (let i = CLIENTS - 1; i > 0; i--) {
  const other = Math.floor(Math.random() * (i + 1));
  [polling[i], polling[other]] = [polling[other], polling[i]];
}

function connect(index) {
  const polls = polling[index];
  const client = io(`${process.env.DORMOUSE_URL}/cluster`, {
    transports: polls ? ["polling"] : ["polling", "websocket"],
    forceNew: true,
    // For balancers that hash by it.
    query: { client: randomUUID() },
    auth: { name: `client ${index}` },
  });
  client.heard = [];
  client.on("said", (number) => client.heard.push(number));
  return new Promise((resolve, reject) => {
    client.once("connect_error", reject);
    client.once("connect", () => {
      client.on("disconnect", (reason, detail) => {
        result.disconnects++;
        console.log(`client ${index}: ${reason} ${detail?.description ?? ""}`);
      });
      const engine = client.io.engine;
      const settled = () => {
        result.upgraded += polls ? 0 : 1;
        resolve(client);
      };
      if (polls || engine.transport.name === "websocket") {
        settled();
      } else {
        engine.once("upgrade", settled);
        engine.once("upgradeError", reject);
      }
    });
  });
}

async function send(client, index) {
  await pause((index * EVERY_MS) / CLIENTS);
  const acks = [];
  for (let number = 1; number <= EVENTS; number++) {
    acks.push(
      client
        .timeout(30_000)
        .emitWithAck("number", number)
        .then((before) => {
          result.answered++;
          result.disorder += before === number - 1 ? 0 : 1;
        })
        .catch(() => result.unanswered++),
    );
    await pause(EVERY_MS);
  }
  await Promise.all(acks);
}

async function say(client) {
  for (let number = 1; number <= said; number++) {
    await client.emitWithAck("say", [], number);
    await pause(EVERY_MS / 2);
  }
}

const clients = [];
let next = 0;
async function connectOneAfterTheOther() {
  while (next < CLIENTS) {
    const index = next++;
    clients[index] = await connect(index);
  }
}
await Promise.all(Array.from({ length: 50 }, connectOneAfterTheOther));
await Promise.all([say(clients[0]), ...clients.map(send)]);
for (let waited = 0; waited < 100 && clients.some((one) => one.heard.length < said); waited++) {
  await pause(100);
}
for (const client of clients) {
  client.heard.forEach((number, i) => (result.misheard += number === i + 1 ? 0 : 1));
  result.unheard += said - client.heard.length;
  client.off("disconnect");
  client.close();
}
console.log(JSON.stringify({ clients: clients.length, ...result }));
