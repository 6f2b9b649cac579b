// Official clients on hosts' /cluster. Lines may use what is in `scope`.
import { io } from "socket.io-client";
import { answerLines } from "./lines.js";

const clients = new Map();

/** Connects a client that answers questions with its name and remembers what it is told. */
async function connect(url, name) {
  const socket = io(url + "/cluster", { auth: { name }, forceNew: true, transports: ["websocket"] });
  const client = { socket, said: [], gone: new Promise((resolve) => socket.on("disconnect", resolve)) };
  socket.on("said", (...values) => {
    client.said.push(values);
    client.wake?.();
  });
  socket.on("question", (text, ack) => ack(`${name}: ${text}`));
  clients.set(name, client);
  await new Promise((resolve, reject) => socket.on("connect", resolve).on("connect_error", reject));
  return socket.id;
}

/** What a client was told until "the end", which is taken away. */
async function untilTheEnd(name) {
  const client = clients.get(name);
  const isEnd = ([value]) => value === "the end";
  while (!client.said.some(isEnd)) await new Promise((resolve) => (client.wake = resolve));
  return client.said.splice(0, client.said.findIndex(isEnd) + 1).slice(0, -1);
}

/** Resolves when a client has been told something, which it is still to be asked for. */
async function told(name, text) {
  const client = clients.get(name);
  while (!client.said.some(([value]) => value === text)) await new Promise((resolve) => (client.wake = resolve));
}

const call = (name, event, ...values) => clients.get(name).socket.emitWithAck(event, ...values);
const gone = (name) => clients.get(name).gone;
const stopAnswering = (name) => void clients.get(name).socket.off("question");

function disconnectAll() {
  for (const { socket } of clients.values()) socket.disconnect();
  clients.clear();
}

await answerLines({ connect, untilTheEnd, told, call, gone, stopAnswering, disconnectAll });
