// The official client, sending what sioload's --mode numbered sends, and checking the same: see
// numbered.c. Usage: node numbered_client.js CLIENT_FOLDER PORT CONNECTIONS EVENTS_A_SECOND
// SIGTERM ends it: then it prints one line and exits with 1 when anything was wrong.
const { createRequire } = require("node:module");
const path = require("node:path");

const [folder, port, connections, rate] = process.argv.slice(2);
const { io } = createRequire(path.resolve(folder, "package.json"))("socket.io-client");
const DRAIN_MS = 10000;

const counts = { sent: 0, lost: 0, doubled: 0, disordered: 0, unanswered: 0, dead: 0 };
const latencies = [];
let ending = false;

class Client {
  constructor() {
    this.sent = 0;
    this.next = 1;
    this.socket = io(`http://127.0.0.1:${port}`, { transports: ["websocket"], forceNew: true });
    this.socket.on("disconnect", () => ending || counts.dead++);
    this.ready = new Promise((resolve, reject) => {
      this.socket.once("connect", resolve);
      this.socket.once("connect_error", reject);
    });
  }

  send() {
    const number = ++this.sent;
    const at = performance.now();
    counts.sent++;
    counts.unanswered++;
    this.socket.emit("numbered", number, (answer) => {
      if (!Array.isArray(answer)) {
        console.error(`connection was answered ${JSON.stringify(answer)}`);
        return;
      }
      const [last] = answer;
      counts.unanswered--;
      latencies.push((performance.now() - at) * 1000);
      if (last < number - 1) counts.lost += number - 1 - last;
      if (last === number) counts.doubled++;
      if (last > number || number !== this.next) counts.disordered++;
      this.next = number + 1;
    });
  }
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

function report() {
  latencies.sort((a, b) => a - b);
  const at = (p) => Math.round(latencies[Math.floor(p * latencies.length)] ?? 0);
  const fields = { conns: connections, ...counts, p50_us: at(0.5), p99_us: at(0.99), max_us: Math.round(latencies.at(-1) ?? 0) };
  console.log("result mode=numbered " + Object.entries(fields).map(([k, v]) => `${k}=${v}`).join(" "));
  const { sent, ...faults } = counts;
  process.exit(sent > 0 && Object.values(faults).every((n) => n === 0) ? 0 : 1);
}

async function main() {
  const clients = Array.from({ length: Number(connections) }, () => new Client());
  await Promise.all(clients.map((client) => client.ready));
  console.log(`connected conns=${connections}`);
  const began = performance.now();
  process.once("SIGTERM", () => (ending = true));
  for (let k = 0; !ending; await pause(1)) {
    for (; k < ((performance.now() - began) / 1000) * rate; k++) clients[k % clients.length].send();
  }
  for (const limit = performance.now() + DRAIN_MS; counts.unanswered > 0 && performance.now() < limit; ) await pause(10);
  report();
}

main().catch((failure) => {
  console.error(String(failure));
  process.exit(1);
});
