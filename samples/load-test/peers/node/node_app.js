// usage: node node_app.js PORT
const { Server } = require("socket.io");

const io = new Server({ cors: { origin: "*" }, maxHttpBufferSize: 1e6 });
io.on("connection", (socket) => {
  socket.on("echo", (x) => socket.emit("echo", x));
  socket.on("ackme", (x, ack) => ack(x));
  socket.on("message", (x) => io.emit("response", { echo: x }));
});

const http = require("http").createServer();
io.attach(http);
http.listen(Number(process.argv[2]), "127.0.0.1");
