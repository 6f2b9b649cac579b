import { byId, element, icon, setText, sync } from "./dom.js";
import { dayName, fullTime, hue, initials, listed, sameDay, shortTime } from "./format.js";

const TOGETHER = 5 * 60_000;
const NEAR_BOTTOM = 80;
const LINK = /https?:\/\/[^\s<>"]+[^\s<>".,;:!?)\]}']/g;
const FEW_EMOJI = /^(\p{Extended_Pictographic}[\u{1F3FB}-\u{1F3FF}\uFE0F\u200D]*){1,3}$/u;

/** The messages of the conversation that is shown. Keeps to the end while the person is there. */
export class Timeline {
  #chat;
  #scroller = byId("scroller");
  #list = byId("timeline");
  #latest = byId("latest");
  #shown;
  #atEnd = true;
  #seenUpTo = 0;

  constructor(chat) {
    this.#chat = chat;
    this.#scroller.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    this.#latest.addEventListener("click", () => this.#toEnd("smooth"));
    new ResizeObserver(() => this.#atEnd && this.#toEnd()).observe(this.#scroller);
  }

  render() {
    const conversation = this.#chat.current;
    if (this.#shown !== conversation) {
      this.#shown = conversation;
      this.#list.replaceChildren();
      this.#atEnd = true;
    }
    const grew = conversation.entries.length;
    if (conversation.entries.at(-1)?.state === "sending" && grew > this.#seenUpTo) this.#atEnd = true;
    const now = Date.now();
    sync(
      this.#list,
      conversation.entries,
      ({ key }) => key,
      (entry) => this.#create(entry),
      (item, entry, previous) => this.#update(item, entry, previous, now),
    );
    this.#renderEmpty(conversation);
    if (this.#atEnd) this.#toEnd();
    this.#renderLatest(conversation);
  }

  #create(entry) {
    if (entry.kind !== "line") return element("li", { class: entry.kind });
    const { line } = entry;
    const text = element("p", { class: "text", dir: "auto" }, ...withLinks(line.text));
    if (FEW_EMOJI.test(line.text)) text.classList.add("large");
    const item = element(
      "li",
      { class: "line" },
      element("span", { class: "avatar", "aria-hidden": "true" }, initials(line.from.name)),
      element(
        "div",
        { class: "bubble" },
        element("p", { class: "by" }, element("bdi", {}, line.from.name), element("time", {})),
        text,
      ),
      element("p", { class: "delivery" }),
    );
    item.style.setProperty("--hue", hue(line.from.id));
    return item;
  }

  #update(item, entry, previous, now) {
    const at = entry.at ?? entry.line.at;
    const before = previous && (previous.at ?? previous.line.at);
    const newDay = !previous || !sameDay(at, before);
    const mark = entry.key === this.#shown.firstUnread;
    if (newDay) item.dataset.day = dayName(at, now);
    else delete item.dataset.day;
    item.classList.toggle("unread-from", mark);
    if (entry.kind === "event") {
      setText(item, entry.parts.map(({ names, what }) => `${listed(names)} ${what}`).join(" · "));
      item.title = fullTime(at);
      return;
    }
    if (entry.kind === "gap") {
      setText(item, "Some messages are missing here: more was said than the room remembers.");
      return;
    }
    const follows =
      !newDay && !mark && previous.kind === "line" && previous.line.from.id === entry.line.from.id && at - before < TOGETHER;
    item.classList.toggle("follows", follows);
    item.classList.toggle("own", entry.own);
    const time = item.querySelector("time");
    setText(time, shortTime(at, now));
    time.dateTime = new Date(at).toISOString();
    time.title = fullTime(at);
    this.#updateDelivery(item, entry);
  }

  #updateDelivery(item, entry) {
    const state = entry.own ? entry.state : "";
    if (item.dataset.state === state) return;
    item.dataset.state = state;
    const delivery = item.querySelector(".delivery");
    const sent = this.#shown.kind === "private" ? "Delivered" : "Sent";
    delivery.replaceChildren();
    if (state === "sending") delivery.append(icon("clock"), element("span", { class: "unseen" }, "Sending"));
    if (state === "sent") delivery.append(icon("check"), element("span", { class: "unseen" }, sent));
    delivery.title = state === "sent" ? sent : "";
    if (state === "failed") {
      const conversation = this.#shown;
      const again = element("button", { type: "button", class: "retry" }, "Send again");
      again.addEventListener("click", () => this.#chat.retry(conversation, entry));
      delivery.append(icon("alert"), element("span", {}, "Not sent. "), again);
      delivery.title = entry.error;
    }
  }

  #renderEmpty(conversation) {
    const empty = conversation.entries.every(({ kind }) => kind === "event");
    byId("empty").hidden = !empty;
    if (!empty) return;
    const isRoom = conversation.kind === "room";
    setText(byId("empty-title"), isRoom ? `Nothing was said in #${conversation.id} yet` : `You and ${conversation.title}`);
    setText(
      byId("empty-text"),
      isRoom
        ? "Say something: it wakes the dormouse."
        : "Only the two of you see this. Private messages are delivered, not kept by the server.",
    );
  }

  #renderLatest(conversation) {
    const last = conversation.entries.length;
    if (this.#atEnd) this.#seenUpTo = last;
    const news = last - this.#seenUpTo;
    this.#latest.hidden = this.#atEnd;
    setText(byId("latest-text"), news > 0 ? `${news} new` : "Latest");
  }

  #scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.#scroller;
    this.#atEnd = scrollHeight - scrollTop - clientHeight < NEAR_BOTTOM;
    this.#renderLatest(this.#chat.current);
  }

  #toEnd(behavior = "instant") {
    this.#scroller.scrollTo({ top: this.#scroller.scrollHeight, behavior });
  }
}

/** Text and links as nodes; whatever the text is, it is never read as HTML. */
function withLinks(text) {
  const nodes = [];
  let end = 0;
  for (const { 0: url, index } of text.matchAll(LINK)) {
    nodes.push(text.slice(end, index));
    nodes.push(element("a", { href: url, target: "_blank", rel: "noopener noreferrer nofollow" }, url));
    end = index + url.length;
  }
  nodes.push(text.slice(end));
  return nodes;
}
