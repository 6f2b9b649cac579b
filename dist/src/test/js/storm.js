// Many clients send numbered events with acks, each a fixed number, and each must be answered once, in
// order, by whichever version serves; nobody may be disconnected. Prints what went wrong and how many
// versions answered.
import { io } from "socket.io-client";

const CLIENTS = Number(process.env.STORM_CLIENTS);
const EVENTS = Number(process.env.STORM_EVENTS);
const EVERY_MS = 100;
const result = { answered: 0, disconnects: 0, disorder: 0, unanswered: 0, versions: new Set() };

async function run(index) {
  const client = io(`${process.env.DORMOUSE_URL}/swap`, {
    transports: index % 4 === 0 ? ["polling"] : ["websocket"],
    forceNew: true,
  });
  await new Promise((resolve, reject) => {
    client.once("connect", resolve);
    client.once("connect_error", reject);
  });
  client.on("disconnect", () => result.disconnects++);
  let next = 0;
  const acks = [];
  for (let n = 0; n < EVENTS; n++) {
    acks.push(
      client
        .timeout(20_000)
        .emitWithAck("n", n)
        .then((handled) => {
          result.answered++;
          result.versions.add(handled.version);
          if (handled.expected !== n || handled.got !== n || next++ !== n) {
            result.disorder++;
          }
        })
        .catch(() => result.unanswered++),
    );
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
  }
  await Promise.all(acks);
  client.off("disconnect");
  client.close();
}

await Promise.all(Array.from({ length: CLIENTS }, (_, index) => run(index)));
console.log(
  `answered=${result.answered} disconnects=${result.disconnects} disorder=${result.disorder}` +
    ` unanswered=${result.unanswered} versions=${result.versions.size}`,
);
