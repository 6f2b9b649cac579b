import { byId, element, setText, sync } from "./dom.js";
import { hue, initials, people } from "./format.js";

/** The list of conversations, with what is unread in each, and of rooms to join. */
export class Sidebar {
  #chat;
  #chosen;

  /** @param {() => void} chosen called when the person chose a conversation */
  constructor(chat, chosen) {
    this.#chat = chat;
    this.#chosen = chosen;
    document.addEventListener("keydown", (event) => this.#key(event));
  }

  render() {
    const all = [...this.#chat.conversations.values()];
    const rooms = all.filter(({ kind }) => kind === "room");
    const privates = all.filter(({ kind }) => kind === "private");
    const counts = new Map(this.#chat.rooms.map((room) => [room.name, room.people]));
    const others = this.#chat.rooms.filter(({ name }) => !rooms.some(({ id }) => id === name));
    const keyOf = ({ key }) => key;
    sync(byId("rooms"), rooms, keyOf, (room) => this.#item(room, "#"), (item, room) => {
      this.#update(item, room);
      const count = room.joined ? room.persons.length : (counts.get(room.id) ?? 0);
      setText(item.querySelector(".count"), String(count));
      item.querySelector(".count").title = people(count);
    });
    sync(byId("privates"), privates, keyOf, (talk) => this.#item(talk), (item, talk) => {
      this.#update(item, talk);
      item.classList.toggle("here", this.#chat.isHere(talk.id));
      setText(item.querySelector(".avatar"), initials(talk.title));
    });
    sync(byId("other-rooms"), others, ({ name }) => name, (room) => this.#join(room), (item, room) => {
      setText(item.querySelector(".count"), String(room.people));
      item.querySelector(".count").title = people(room.people);
    });
    byId("other-rooms-part").hidden = others.length === 0;
    byId("no-privates").hidden = privates.length > 0;
  }

  #item(conversation, sign) {
    const first = sign
      ? element("span", { class: "sign", "aria-hidden": "true" }, sign)
      : element("span", { class: "avatar small", "aria-hidden": "true" });
    first.style.setProperty("--hue", hue(conversation.id));
    const button = element(
      "button",
      { type: "button", class: "conversation" },
      first,
      element("bdi", { class: "name" }),
      element("span", { class: "count" }),
      element("span", { class: "badge", hidden: true }),
    );
    button.addEventListener("click", () => {
      this.#chat.show(conversation);
      this.#chosen();
    });
    return element("li", {}, button);
  }

  #update(item, conversation) {
    const button = item.firstElementChild;
    const badge = item.querySelector(".badge");
    const { unread } = conversation;
    setText(item.querySelector(".name"), conversation.title);
    setText(badge, unread > 99 ? "99+" : String(unread));
    badge.hidden = unread === 0;
    badge.setAttribute("aria-label", `${unread} unread`);
    if (conversation === this.#chat.current) button.setAttribute("aria-current", "true");
    else button.removeAttribute("aria-current");
    item.classList.toggle("unread", unread > 0);
    item.classList.toggle("typing-here", conversation.typing.length > 0);
  }

  #join(room) {
    const button = element(
      "button",
      { type: "button", class: "conversation other" },
      element("span", { class: "sign", "aria-hidden": "true" }, "#"),
      element("bdi", { class: "name" }, room.name),
      element("span", { class: "count" }),
    );
    button.setAttribute("aria-label", `Join ${room.name}`);
    button.addEventListener("click", async () => {
      if (await this.#chat.tryOpenRoom(room.name)) this.#chosen();
    });
    return element("li", {}, button);
  }

  /** Alt and an arrow key go to the conversation above or below. */
  #key(event) {
    if (!event.altKey || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
    event.preventDefault();
    const all = [...this.#chat.conversations.values()];
    const ordered = [...all.filter(({ kind }) => kind === "room"), ...all.filter(({ kind }) => kind === "private")];
    const step = event.key === "ArrowDown" ? 1 : -1;
    const index = ordered.indexOf(this.#chat.current) + step;
    this.#chat.show(ordered[(index + ordered.length) % ordered.length]);
  }
}
