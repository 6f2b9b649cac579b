import { byId, element, icon, setText, sync } from "./dom.js";
import { hue, initials } from "./format.js";

/** Who is in the conversation that is shown, and the way out of it. */
export class Details {
  #chat;
  #chosen;

  /** @param {() => void} chosen called when the person chose somebody to talk to */
  constructor(chat, chosen) {
    this.#chat = chat;
    this.#chosen = chosen;
    byId("leave").addEventListener("click", () => {
      chat.leave(chat.current);
      chosen();
    });
  }

  render() {
    const { current, me } = this.#chat;
    const isRoom = current.kind === "room";
    const persons = isRoom ? this.#meFirst(current.persons) : [{ id: current.id, name: current.title }];
    setText(byId("details-title"), isRoom ? `Here now · ${persons.length}` : "Private");
    sync(
      byId("persons"),
      persons,
      ({ id }) => `${id}${id === me?.id ? "/me" : ""}`,
      (person) => this.#create(person),
      (item, person) => {
        setText(item.querySelector(".avatar"), initials(person.name));
        setText(item.querySelector(".name"), person.name);
        item.classList.toggle("here", isRoom || this.#chat.isHere(person.id));
      },
    );
    setText(byId("leave"), isRoom ? `Leave #${current.id}` : "Close this talk");
    byId("leave").hidden = this.#chat.isLobby(current);
  }

  #meFirst(persons) {
    const id = this.#chat.me?.id;
    return [...persons.filter((person) => person.id === id), ...persons.filter((person) => person.id !== id)];
  }

  #create(person) {
    const isMe = person.id === this.#chat.me?.id;
    const parts = [
      element("span", { class: "avatar", "aria-hidden": "true" }),
      element("bdi", { class: "name" }),
      isMe ? element("span", { class: "you" }, "you") : icon("talk"),
    ];
    const row = isMe
      ? element("div", { class: "person" }, ...parts)
      : element("button", { type: "button", class: "person", title: "Talk in private" }, ...parts);
    if (!isMe) {
      row.addEventListener("click", () => {
        const name = row.querySelector(".name").textContent;
        this.#chat.openPrivate({ id: person.id, name });
        this.#chosen();
      });
    }
    const item = element("li", {}, row);
    item.style.setProperty("--hue", hue(person.id));
    return item;
  }
}
