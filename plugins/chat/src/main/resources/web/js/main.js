import { Chat } from "./chat.js";
import { Composer } from "./composer.js";
import { Connection } from "./connection.js";
import { Details } from "./details.js";
import { askName, askRoom } from "./dialogs.js";
import { byId, setText } from "./dom.js";
import { Identity } from "./identity.js";
import { Drawers, fitKeyboard, themeButton } from "./layout.js";
import { forgetConversations } from "./saved.js";
import { Sidebar } from "./sidebar.js";
import { Timeline } from "./timeline.js";
import { toast } from "./toasts.js";
import { Top } from "./top.js";

const TIMES_EVERY = 30_000;
const touch = matchMedia("(pointer: coarse)");

const identity = new Identity();
const connection = new Connection(() => ({ name: identity.name, key: identity.key }));
const chat = new Chat(connection);
const drawers = new Drawers();
const composer = new Composer(chat);
const chosen = () => {
  drawers.close();
  if (!touch.matches) composer.focus(); // a phone's keyboard would hide what was chosen
};
const views = [new Top(chat, connection), new Sidebar(chat, chosen), new Timeline(chat), new Details(chat, chosen), composer];

let planned = false;
function render() {
  if (planned) return;
  planned = true;
  queueMicrotask(() => {
    planned = false;
    views.forEach((view) => view.render());
  });
}

chat.addEventListener("change", render);
chat.addEventListener("problem", ({ detail }) => toast(detail));
chat.addEventListener("heard", ({ detail: { conversation, line } }) => {
  const where = conversation === chat.current ? "" : ` in ${conversation.kind === "room" ? conversation.title : "private"}`;
  announce(`${line.from.name}${where}: ${line.text}`);
});
chat.addEventListener("renamed", () => chat.me && identity.take(chat.me.name));
connection.addEventListener("refused", ({ detail }) => {
  if (!byId("name-dialog").open) welcome(detail.message);
});
setInterval(render, TIMES_EVERY);

byId("edit-name").addEventListener("click", () => {
  askName({ name: chat.me?.name ?? "", first: false }, async (name, onlyHere) => {
    if (!onlyHere) return chat.rename(name);
    identity.take(name, true);
    forgetConversations();
    location.reload();
  });
});
byId("new-room").addEventListener("click", () => {
  askRoom(async (name) => {
    await chat.openRoom(name);
    chosen();
  });
});

function welcome(error) {
  askName({ name: identity.name, first: true, error }, async (name) => {
    identity.take(name);
    connection.connect();
    await new Promise((resolve, reject) => {
      connection.addEventListener("welcome", resolve, { once: true });
      connection.addEventListener("refused", ({ detail }) => reject(detail), { once: true });
    });
    chosen();
  });
}

/** For screen readers: the list itself would be read anew each time another conversation is shown. */
function announce(text) {
  setText(byId("announcer"), text);
}

themeButton();
fitKeyboard();
render();
if (identity.name) connection.connect();
else welcome();
