const SHOWN = 100;
const STEPS = ["connecting", "polling", "websocket"];

const byId = (id) => document.getElementById(id);
const socket = io();

socket.on("connect", () => {
  byId("send").disabled = false;
  show(socket.io.engine.transport.name);
});
socket.io.on("open", () => {
  const { engine } = socket.io;
  engine.on("upgrade", (transport) => show(transport.name));
});
socket.on("disconnect", (reason) => {
  byId("send").disabled = true;
  show("connecting", `Connection lost: ${reason}. Trying again.`);
});
socket.on("connect_error", (error) => show("connecting", `No connection: ${error.message}. Trying again.`));
socket.on("response", ({ echo }) => hear(echo));

byId("form").addEventListener("submit", (event) => {
  event.preventDefault();
  const input = byId("text");
  if (!input.value.trim() || !socket.connected) return;
  socket.emit("message", input.value);
  input.value = "";
});

/** Shows how far the connection is on its way from polling to WebSocket. */
function show(step, problem) {
  const reached = STEPS.indexOf(step);
  [...byId("way").children].forEach((item, index) => {
    item.className = index < reached ? "passed" : index === reached ? "now" : "";
  });
  const state = byId("state");
  state.classList.toggle("lost", Boolean(problem));
  state.textContent = problem ?? {
    polling: "Connected by HTTP; the upgrade is on its way.",
    websocket: "Connected by WebSocket.",
  }[step] ?? "";
}

function hear(echo) {
  const text = document.createElement("span");
  text.className = "text";
  text.textContent = typeof echo === "string" ? echo : JSON.stringify(echo);
  const time = document.createElement("time");
  time.textContent = new Date().toLocaleTimeString();
  const item = document.createElement("li");
  item.append(text, time);
  byId("heard").prepend(item);
  byId("nothing").hidden = true;
  while (byId("heard").children.length > SHOWN) byId("heard").lastChild.remove();
}

show("connecting");
