// usage: node node_app.js PORT [REDIS_URL]   (with a URL: one of several servers, by redis-adapter)
const { Server } = require("socket.io");

async function adapter(url) {
  const { createAdapter } = require("@socket.io/redis-adapter");
  const publisher = require("redis").createClient({ url });
  const subscriber = publisher.duplicate();
  await Promise.all([publisher.connect(), subscriber.connect()]);
  return createAdapter(publisher, subscriber);
}

async function main(port, redis) {
  const io = new Server({ cors: { origin: "*" }, maxHttpBufferSize: 1e6 });
  if (redis) io.adapter(await adapter(redis));
  io.on("connection", (socket) => {
    socket.on("echo", (x) => socket.emit("echo", x));
    socket.on("ackme", (x, ack) => ack(x));
    socket.on("message", (x) => io.emit("response", { echo: x }));
  });

  const http = require("http").createServer();
  io.attach(http);
  http.listen(Number(port), "127.0.0.1");
}

main(...process.argv.slice(2));
