// A server of Node's with redis-adapter, as people run it: REDIS_URL, and a free port. Lines may use
// `io` and `heard`, the events that came from other servers.
import { createServer } from "node:http";
import { createAdapter } from "@socket.io/redis-adapter";
import { createClient } from "redis";
import { Server } from "socket.io";
import { answerLines } from "./lines.js";

const http = createServer();
const publisher = createClient({ url: process.env.REDIS_URL });
const subscriber = publisher.duplicate();
await Promise.all([publisher.connect(), subscriber.connect()]);
const io = new Server(http, { adapter: createAdapter(publisher, subscriber) });
for (const client of [publisher, subscriber]) {
  client.on("error", (error) => console.error(error.message));
}
const cluster = io.of("/cluster");
const heard = [];

cluster.on("connection", (socket) => {
  socket.data.name = socket.handshake.auth.name;
  socket.on("join", (rooms, ack) => ack(socket.join(rooms)));
  socket.on("say", (rooms, text, ack) => ack(cluster.to(rooms).emit("said", text)));
});
cluster.on("server-event", (...values) => {
  const ack = typeof values.at(-1) === "function" ? values.pop() : () => {};
  heard.push(values);
  ack("node");
});

await new Promise((resolve) => http.listen(0, "127.0.0.1", resolve));
await answerLines({ io, cluster, heard }, http.address().port);
