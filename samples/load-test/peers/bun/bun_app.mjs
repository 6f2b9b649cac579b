// usage: bun bun_app.mjs PORT   (Socket.IO on Bun's own WebSocket: the fastest official setting)
import { Server as Engine } from "@socket.io/bun-engine";
import { Server } from "socket.io";

const io = new Server();
const engine = new Engine({ path: "/socket.io/" });
io.bind(engine);
io.on("connection", (socket) => {
  socket.on("echo", (x) => socket.emit("echo", x));
  socket.on("ackme", (x, ack) => ack(x));
  socket.on("message", (x) => io.emit("response", { echo: x }));
});

Bun.serve({ ...engine.handler(), port: Number(process.argv[2]), hostname: "127.0.0.1" });
