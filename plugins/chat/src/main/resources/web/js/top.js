import { byId, setText } from "./dom.js";
import { hue, initials, listed, people } from "./format.js";

/** What frames the messages: title, connection, who types, who we are. */
export class Top {
  #chat;
  #connection;

  constructor(chat, connection) {
    this.#chat = chat;
    this.#connection = connection;
    byId("try-now").addEventListener("click", () => connection.connect());
  }

  render() {
    this.#renderTitle();
    this.#renderConnection();
    this.#renderTyping();
    this.#renderMe();
  }

  #renderTitle() {
    const { current, unread } = this.#chat;
    const isRoom = current.kind === "room";
    const title = isRoom ? `#${current.title}` : current.title;
    setText(byId("title"), title);
    setText(
      byId("subtitle"),
      isRoom ? people(current.persons.length) : this.#chat.isHere(current.id) ? "here now · private" : "not here now · private",
    );
    document.title = `${unread > 0 ? `(${unread}) ` : ""}${title} · Dormouse chat`;
    const badge = byId("menu-badge");
    setText(badge, unread > 99 ? "99+" : String(unread));
    badge.hidden = unread === 0;
    byId("open-sidebar").setAttribute("aria-label", unread > 0 ? `Conversations, ${unread} unread` : "Conversations");
  }

  #renderConnection() {
    const { state, transport, latency } = this.#connection;
    const text = { idle: "not connected", connecting: "connecting", connected: transport, waiting: "offline" }[state];
    document.documentElement.dataset.connection = state === "connected" ? transport : state;
    setText(byId("connection-text"), text ?? "");
    setText(byId("latency"), state === "connected" && latency !== null ? `${latency} ms` : "");
    byId("connection").title = {
      polling: "Connected by HTTP long polling; the upgrade to WebSocket follows if the network lets it through.",
      websocket: "Connected by WebSocket. The time is that from the last request to its answer.",
    }[text] ?? "";
    const lost = this.#chat.me !== null && state !== "connected" && state !== "idle";
    byId("banner").hidden = !lost;
    setText(
      byId("banner-text"),
      lost ? (state === "waiting" ? "The connection is lost; trying again. What you write waits." : "Connecting again …") : "",
    );
  }

  #renderTyping() {
    const names = this.#chat.current.typing;
    const line = byId("typing");
    line.classList.toggle("busy", names.length > 0);
    setText(line, names.length === 0 ? "" : `${listed(names)} ${names.length === 1 ? "is" : "are"} typing`);
  }

  #renderMe() {
    const { me } = this.#chat;
    if (!me) return;
    setText(byId("my-name"), me.name);
    setText(byId("my-avatar"), initials(me.name));
    byId("my-avatar").style.setProperty("--hue", hue(me.id));
  }
}
