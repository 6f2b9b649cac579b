import { byId, setText } from "./dom.js";

const TELL_LIMIT_FROM = 0.8;
const TALLEST = 160;

/** Where a message is written. Each conversation has a draft of its own. */
export class Composer {
  #chat;
  #text = byId("text");
  #send = byId("send");
  #counter = byId("counter");
  #shown;

  constructor(chat) {
    this.#chat = chat;
    byId("composer").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.#text.addEventListener("input", () => {
      chat.current.draft = this.#text.value;
      if (this.#text.value.trim()) chat.types();
      this.#check();
    });
    this.#text.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.#submit();
    });
  }

  focus() {
    this.#text.focus();
  }

  render() {
    const { current } = this.#chat;
    if (this.#shown !== current) {
      this.#shown = current;
      this.#text.value = current.draft;
      this.#text.placeholder = current.kind === "room" ? `Message #${current.title}` : `Message ${current.title}`;
    }
    this.#check();
  }

  #check() {
    const limit = this.#chat.limits.textLimit;
    const left = limit - this.#text.value.trim().length;
    const tell = left < limit * (1 - TELL_LIMIT_FROM);
    setText(this.#counter, tell ? (left < 0 ? `${-left} too many` : `${left} left`) : "");
    this.#counter.classList.toggle("over", left < 0);
    this.#text.setAttribute("aria-invalid", String(left < 0));
    this.#send.disabled = !this.#chat.me || left < 0 || left === limit;
    this.#text.style.height = "auto";
    this.#text.style.height = `${Math.min(this.#text.scrollHeight, TALLEST)}px`;
  }

  #submit() {
    this.#check();
    if (this.#send.disabled) return;
    this.#chat.say(this.#text.value.trim());
    this.#text.value = this.#chat.current.draft = "";
    this.#check();
    this.#text.focus();
  }
}
