import { Conversation } from "./conversation.js";
import { random } from "./identity.js";
import { saveConversations, savedConversations } from "./saved.js";

const TYPING_EVERY = 2_000;
const ROOMS_EVERY = 20_000;

/**
 * The chat: all conversations, which of them is open, and what a person can do. Events: `change`
 * when anything is to be shown anew, `heard` for each line of others as it arrives (`detail`:
 * conversation and line), `problem` with a text for the person.
 */
export class Chat extends EventTarget {
  /** Who we are; null before the server said so. */
  me = null;
  limits = { nameLimit: 24, roomLimit: 32, textLimit: 2_000 };
  /** @type {Map<string, Conversation>} in the order in which they were opened */
  conversations = new Map();
  /** @type {Conversation} */
  current;
  /** All rooms of the server as `{name, people}`. */
  rooms = [];

  #connection;
  #lobby = "lobby";
  #lastTyping = 0;

  constructor(connection) {
    super();
    this.#connection = connection;
    this.#restore();
    connection.addEventListener("welcome", ({ detail: [welcome] }) => this.#welcome(welcome));
    connection.addEventListener("state", () => this.#connectionChanged());
    this.#hear("line", (room, line) => this.#line(this.#room(room), line));
    this.#hear("whisper", (to, line, ack) => this.#whisper(to, line, ack));
    this.#hear("joined", (room, present) => this.#room(room)?.enter(present));
    this.#hear("left", (room, socket) => this.#room(room)?.exit(socket));
    this.#hear("renamed", (person) => this.#renamed(person));
    this.#hear("created", () => this.refreshRooms());
    this.#hear("typing", (room, person) => this.#typing(this.#room(room), person));
    this.#hear("typing-to", (person) => this.#typing(this.conversations.get(`private:${person.id}`), person));
    setInterval(() => this.refreshRooms(), ROOMS_EVERY);
    document.addEventListener("visibilitychange", () => {
      this.#read();
      this.refreshRooms();
    });
  }

  get unread() {
    return [...this.conversations.values()].reduce((sum, { unread }) => sum + unread, 0);
  }

  /** Whether somebody is in one of our rooms. */
  isHere(personId) {
    return [...this.conversations.values()].some((conversation) => conversation.has(personId));
  }

  show(conversation) {
    if (conversation === this.current) return;
    this.current.firstUnread = null;
    this.current = conversation;
    this.#lastTyping = 0;
    this.#read();
    this.#save();
    this.#change();
  }

  /** Joins a room and shows it. Throws the server's refusal. */
  async openRoom(name) {
    const joined = await this.#connection.request("join", name);
    const room = this.#room(joined.room) ?? this.#add("room", joined.room, joined.room);
    this.#joined(room, joined);
    this.show(room);
    this.refreshRooms();
  }

  /** As {@link openRoom}; a refusal is told as a problem. Answers whether the room is open. */
  async tryOpenRoom(name) {
    try {
      await this.openRoom(name);
      return true;
    } catch (error) {
      this.#problem(error);
      return false;
    }
  }

  openPrivate(person) {
    this.show(this.#private(person));
  }

  /** Leaves a room, or closes a private talk. The lobby stays. */
  leave(conversation) {
    if (conversation.id === this.#lobby && conversation.kind === "room") return;
    if (conversation.joined && conversation.kind === "room") {
      this.#attempt(this.#connection.request("leave", conversation.id));
    }
    this.conversations.delete(conversation.key);
    conversation.lost();
    if (this.current === conversation) this.show(this.#room(this.#lobby));
    this.#save();
    this.#change();
    this.refreshRooms();
  }

  isLobby(conversation) {
    return conversation.kind === "room" && conversation.id === this.#lobby;
  }

  /** Writes a line into the conversation that is shown; it is sent as soon as that is possible. Needs {@link me}. */
  say(text) {
    const entry = this.current.write({ id: random(), from: this.me, text, at: Date.now() });
    this.current.firstUnread = null;
    this.#lastTyping = 0;
    this.#deliver(this.current, entry);
  }

  retry(conversation, entry) {
    Object.assign(entry, { state: "sending", error: null });
    this.#deliver(conversation, entry);
  }

  /** Tells others that we type, at most every now and then. */
  types() {
    const now = Date.now();
    if (now - this.#lastTyping < TYPING_EVERY) return;
    this.#lastTyping = now;
    const { kind, id } = this.current;
    this.#connection.hint(kind === "room" ? "typing" : "typing-to", id);
  }

  /** Changes our name. Throws the server's refusal. */
  async rename(name) {
    this.#renamed(await this.#connection.request("rename", name));
    this.#change();
  }

  async refreshRooms() {
    if (!this.#connection.connected || document.hidden) return;
    try {
      this.rooms = await this.#connection.request("rooms");
      this.#change();
    } catch {
      // Asked again in a while.
    }
  }

  async #deliver(conversation, entry) {
    this.#change();
    if (!this.#connection.connected || !conversation.joined) return; // sent after the next join
    const { id, text } = entry.line;
    const say = entry.tries++ > 0 ? "say-again" : "say";
    const target = conversation.id;
    try {
      const line =
        conversation.kind === "room"
          ? await this.#connection.request(say, { room: target, id, text })
          : await this.#connection.request("whisper", { to: target, id, text });
      Object.assign(entry, { line, state: "sent", error: null });
      this.#save();
    } catch (error) {
      if (error.code !== "disconnected" && entry.state === "sending") {
        Object.assign(entry, { state: "failed", error: error.message });
        this.#problem(error);
      }
    }
    this.#change();
  }

  async #welcome({ you, lobby, ...limits }) {
    this.me = you;
    this.limits = limits;
    this.#lobby = lobby;
    const all = [...this.conversations.values()];
    await Promise.all(all.filter(({ kind }) => kind === "room").map((room) => this.#rejoin(room)));
    for (const talk of all.filter(({ kind }) => kind === "private")) this.#sendWaiting(talk);
    this.refreshRooms();
  }

  async #rejoin(room) {
    try {
      this.#joined(room, await this.#connection.request("join", room.id));
    } catch (error) {
      if (error.code === "disconnected") return;
      this.#problem(error);
      if (error.code !== "timeout") this.leave(room);
    }
  }

  #joined(room, { people, lines }) {
    const first = room.entries.length === 0;
    room.joined = true;
    room.meet(people);
    const fresh = room.catchUp(lines, (line) => line.from.id === this.me.id);
    if (!first) fresh.filter(({ own }) => !own).forEach((entry) => this.#count(room, entry));
    this.#sendWaiting(room);
    this.#change();
  }

  #sendWaiting(conversation) {
    conversation.entries
      .filter(({ kind, state }) => kind === "line" && state === "sending")
      .forEach((entry) => this.#deliver(conversation, entry));
  }

  #line(conversation, line) {
    if (!conversation) return;
    const own = line.from.id === this.me.id;
    const entry = conversation.receive(line, own);
    if (!entry || own) return;
    this.#count(conversation, entry);
    this.dispatchEvent(new CustomEvent("heard", { detail: { conversation, line } }));
  }

  #whisper(to, line, ack) {
    this.#line(this.#private(line.from.id === this.me.id ? to : line.from), line);
    ack?.(true);
    this.#save();
  }

  #count(conversation, entry) {
    if (conversation === this.current && !document.hidden) return;
    conversation.unread++;
    conversation.firstUnread ??= entry.key;
  }

  #read() {
    if (!document.hidden) this.current.unread = 0;
    this.#change();
  }

  #typing(conversation, person) {
    if (conversation && person.id !== this.me.id) conversation.types(person);
  }

  #renamed(person) {
    if (person.id === this.me?.id) this.me = person;
    for (const conversation of this.conversations.values()) {
      const before = conversation.persons.find(({ id }) => id === person.id);
      if (before && before.name !== person.name) conversation.note(before.name, `is now ${person.name}`);
      conversation.renamed(person);
    }
    this.#save();
    this.dispatchEvent(new Event("renamed"));
  }

  #connectionChanged() {
    if (!this.#connection.connected) this.conversations.forEach((conversation) => conversation.lost());
    this.#change();
  }

  #room(name) {
    return this.conversations.get(`room:${name}`);
  }

  #private(person) {
    return this.conversations.get(`private:${person.id}`) ?? this.#add("private", person.id, person.name);
  }

  #add(kind, id, title) {
    const conversation = new Conversation(kind, id, title, () => this.#change());
    this.conversations.set(conversation.key, conversation);
    this.#save();
    return conversation;
  }

  #restore() {
    const saved = savedConversations();
    for (const name of new Set([this.#lobby, ...saved.rooms])) this.#add("room", name, name);
    for (const { id, title, lines } of saved.privates) {
      this.#add("private", id, title).catchUp(lines, (line) => line.from.id !== id);
    }
    this.current = this.conversations.get(saved.current) ?? this.#room(this.#lobby);
    this.#save();
  }

  #save() {
    saveConversations(this.conversations.values(), this.current);
  }

  #hear(event, listener) {
    this.#connection.addEventListener(`server:${event}`, ({ detail }) => {
      listener(...detail);
      this.#change();
    });
  }

  #attempt(request) {
    request.catch((error) => error.code !== "disconnected" && this.#problem(error));
  }

  #problem(error) {
    this.dispatchEvent(new CustomEvent("problem", { detail: error.message }));
  }

  #change() {
    this.dispatchEvent(new Event("change"));
  }
}
