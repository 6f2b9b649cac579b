// Clients behind a balancer whose hosts are replaced. Each posts numbered events, one after the other, as
// Socket.IO's "retries" does it, and hears those of all. Lines may use the functions below.
import { io } from "socket.io-client";
import { answerLines } from "./lines.js";

const EVERY_MS = 250;
const KINDS = [["websocket"], ["polling"], ["polling", "websocket"]];
const clients = [];
let posting = true;

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Connects clients of all kinds in turn to /kept. */
const open = (url, count) =>
  Promise.all(
    Array.from({ length: count }, (_, index) => {
      const transports = KINDS[index % KINDS.length];
      const socket = io(`${url}/kept`, {
        transports,
        forceNew: true,
        reconnectionDelay: 200,
        reconnectionDelayMax: 400,
        retries: 20,
        ackTimeout: 5000,
      });
      const client = { name: `client ${index}`, transports: transports.join(), socket };
      Object.assign(client, { posted: 0, connects: [], reasons: [], posts: [], numbers: [] });
      clients.push(client);
      socket.on("disconnect", (reason) => client.reasons.push(reason));
      socket.on("post", (name, number, once) => client.posts.push({ name, number, once }));
      socket.on("number", (_, number) => client.numbers.push(number));
      return new Promise((resolve) => {
        socket.on("connect", () => {
          const host = socket.io.engine.id.split(".")[0];
          client.connects.push({ host, id: socket.id, recovered: socket.recovered });
          resolve(host);
        });
      });
    }),
  );

async function post(client) {
  while (posting) {
    await client.socket.emitWithAck("post", client.name, client.posted + 1);
    client.posted++;
    await pause(EVERY_MS);
  }
}
let posts;
const start = () => {
  posts = Promise.all(clients.map(post));
};

/** Whether clients are connected, and to no host but these. */
const areOn = (hosts) =>
  clients.every(({ socket, connects }) => socket.connected && hosts.includes(connects.at(-1).host));

/** Ends what clients post, and tells what was wrong with what each has heard; emitted: the last number. */
async function finish(emitted) {
  posting = false;
  await posts;
  const heardAll = ({ posts, numbers }) =>
    numbers.at(-1) === emitted &&
    clients.every(({ name, posted }) => posts.some((it) => it.name === name && it.number === posted));
  for (let waited = 0; waited < 1000 && !clients.every(heardAll); waited++) {
    await pause(10);
  }
  return clients.map(({ name, transports, posted, connects, reasons, posts, numbers }) => {
    const heard = new Set(posts.map((it) => `${it.name} ${it.number}`));
    const due = clients.flatMap((one) => Array.from({ length: one.posted }, (_, i) => `${one.name} ${i + 1}`));
    const lost = due.filter((it) => !heard.has(it));
    return {
      name,
      transports,
      posted,
      connects,
      reasons,
      lost,
      doubled: posts.length - new Set(posts.map((it) => it.once)).size,
      again: new Set(posts.map((it) => it.once)).size - heard.size,
      numbers: numbers.findIndex((number, i) => number !== i + 1) < 0 ? numbers.length : numbers.join(),
    };
  });
}

await answerLines({ open, start, areOn, finish });
