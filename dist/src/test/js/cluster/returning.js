// Clients that lose their host and return to another. Lines may use the functions below.
import { io } from "socket.io-client";
import { answerLines } from "./lines.js";

const clients = new Map();

/** Connects to /kept. Everything that it hears is written down. */
const open = (name, url, transport, delay = 50) =>
  new Promise((resolve, reject) => {
    const socket = io(`${url}/kept`, {
      transports: [transport],
      forceNew: true,
      reconnectionDelay: delay,
      reconnectionDelayMax: Math.max(200, delay),
      randomizationFactor: 0,
      timeout: 2000,
    });
    const client = { socket, numbers: {}, connects: [], reasons: [] };
    clients.set(name, client);
    socket.on("connect", () => {
      client.connects.push({ id: socket.id, recovered: socket.recovered });
      resolve(socket.id);
    });
    socket.on("connect_error", reject);
    socket.on("disconnect", (reason) => client.reasons.push(reason));
    socket.on("number", (from, number) => (client.numbers[from] ??= []).push(number));
  });

const call = (name, event, ...values) =>
  clients.get(name).socket.timeout(10_000).emitWithAck(event, ...values);

/** Where it connects the next time. */
const move = (name, url) => {
  clients.get(name).socket.io.uri = url;
};

/** Loses its connection without a word of Socket.IO. */
const drop = (name) => void clients.get(name).socket.io.engine.close();

/** What it has heard; numbers as "ok" and how many when they are 1, 2, 3 and so on. */
const heard = (name) => {
  const { numbers, connects, reasons } = clients.get(name);
  const counted = Object.entries(numbers).map(([from, list]) => {
    const wrong = list.findIndex((number, index) => number !== index + 1);
    return [from, wrong < 0 ? `${list.length} ok` : `${wrong + 1}th is ${list[wrong]}`];
  });
  return { numbers: Object.fromEntries(counted), connects, reasons };
};

/** Resolves when something is so, or after half a minute. */
const until = async (isSo) => {
  for (let i = 0; i < 3000 && !isSo(); i++) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return isSo();
};
const untilNumber = (name, from, number) =>
  until(() => clients.get(name).numbers[from]?.at(-1) >= number);
const untilConnects = (name, times) => until(() => clients.get(name).connects.length >= times);

await answerLines({ open, call, move, drop, heard, untilNumber, untilConnects });
