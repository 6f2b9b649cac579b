const ENTRIES = 500;
const TYPING_LASTS = 4_000;
const EVENTS_TOGETHER = 5 * 60_000;
const PARTS_OF_EVENT = 4;
const AWAY_BEFORE_SAID = 8_000;

/**
 * A room or a private talk, as this client knows it.
 *
 * `entries` are what the timeline shows, oldest first: `{kind: "line", key, line, own, state,
 * error, tries}` with state `sending`, `sent` or `failed`; `{kind: "event", key, at, parts}` with parts
 * `{names, what}`; and
 * `{kind: "gap", key, at}` where more was said while we were away than the server remembers.
 */
export class Conversation {
  entries = [];
  unread = 0;
  /** Key of the first line that was not read, which a mark stands before; null for no mark. */
  firstUnread = null;
  /** Whether the server has us in this room on the present connection. Private talks always are. */
  joined;
  draft = "";

  /** Who is here: socket id to person. Empty for a private talk. */
  #sockets = new Map();
  /** Sockets that left, in case an older list of those present arrives after that news. */
  #gone = new Set();
  #typing = new Map();
  #leaving = new Map();
  #changed;

  /**
   * @param {"room" | "private"} kind
   * @param {string} id the room's name, or the other person's id
   * @param {() => void} changed called when time alone changed what is to be shown
   */
  constructor(kind, id, title, changed) {
    this.kind = kind;
    this.id = id;
    this.key = `${kind}:${id}`;
    this.title = title;
    this.joined = kind === "private";
    this.#changed = changed;
  }

  /** Everyone here, each once, by name. */
  get persons() {
    const byId = new Map([...this.#sockets.values()].map((person) => [person.id, person]));
    return [...byId.values()].sort((a, b) => a.name.localeCompare(b.name));
  }

  get typing() {
    return [...this.#typing.values()].map(({ name }) => name);
  }

  has(personId) {
    return [...this.#sockets.values()].some((person) => person.id === personId);
  }

  find(key) {
    return this.entries.find((entry) => entry.key === key);
  }

  static keyOf(line) {
    return `${line.from.id}/${line.id}`;
  }

  /** Adds a line that arrived; answers its entry, or null when it was here already. */
  receive(line, own) {
    this.#stopsTyping(line.from.id);
    const key = Conversation.keyOf(line);
    const known = this.find(key);
    if (known) {
      if (known.state !== "sent") Object.assign(known, { line, state: "sent", error: null });
      return null;
    }
    const entry = { kind: "line", key, line, own, state: "sent", error: null, tries: 0 };
    this.#append(entry);
    return entry;
  }

  /** Adds a line of our own that is still to be sent. */
  write(line) {
    const key = Conversation.keyOf(line);
    const entry = { kind: "line", key, line, own: true, state: "sending", error: null, tries: 0 };
    this.#append(entry);
    return entry;
  }

  /**
   * Takes over what the server remembers, after a join or a reconnect. What is known already is not
   * doubled, what is not sent yet stays last.
   *
   * @returns {object[]} entries that are new
   */
  catchUp(lines, isOwn) {
    const before = new Map(this.entries.map((entry) => [entry.key, entry]));
    const knew = this.entries.some((entry) => entry.kind === "line" && entry.state === "sent");
    const fresh = [];
    const theirs = lines.map((line) => {
      const key = Conversation.keyOf(line);
      const entry = before.get(key) ?? { kind: "line", key, own: isOwn(line), tries: 0 };
      if (!before.has(key)) fresh.push(entry);
      before.delete(key);
      return Object.assign(entry, { line, state: "sent", error: null });
    });
    const missed = knew && theirs.length > 0 && fresh.length === theirs.length;
    const unsent = [...before.values()].filter((entry) => entry.kind === "line" && entry.state !== "sent");
    const others = [...before.values()].filter((entry) => !unsent.includes(entry));
    if (missed) {
      const at = lines[0].at;
      others.push({ kind: "gap", key: `gap/${at}`, at });
    }
    const when = (entry) => entry.at ?? entry.line.at;
    this.entries = [...others, ...theirs].sort((a, b) => when(a) - when(b)).concat(unsent);
    this.#trim();
    return fresh;
  }

  /** Takes over who is here. Who was here before, such as before a reconnect, may be back soon. */
  meet(present) {
    const before = this.persons;
    this.#sockets = new Map(
      present.filter(({ socket }) => !this.#gone.has(socket)).map(({ socket, person }) => [socket, person]),
    );
    before.filter(({ id }) => !this.has(id)).forEach((person) => this.#leaves(person));
  }

  enter({ socket, person }) {
    this.#gone.delete(socket);
    const wasHere = this.has(person.id);
    this.#sockets.set(socket, person);
    if (wasHere) return;
    if (this.#leaving.has(person.id)) {
      clearTimeout(this.#leaving.get(person.id));
      this.#leaving.delete(person.id);
    } else {
      this.note(person.name, "joined");
    }
  }

  /** Somebody's socket went. */
  exit(socket) {
    const person = this.#sockets.get(socket);
    this.#gone.add(socket);
    this.#sockets.delete(socket);
    if (!person || this.has(person.id)) return;
    this.#stopsTyping(person.id);
    this.#leaves(person);
  }

  renamed(person) {
    for (const [socket, known] of this.#sockets) {
      if (known.id === person.id) this.#sockets.set(socket, person);
    }
    if (this.kind === "private" && this.id === person.id) this.title = person.name;
  }

  /** The connection is gone, and with it what we know of others. */
  lost() {
    this.joined = this.kind === "private";
    this.#gone.clear();
    for (const { timer } of this.#typing.values()) clearTimeout(timer);
    this.#typing.clear();
    for (const timer of this.#leaving.values()) clearTimeout(timer);
    this.#leaving.clear();
  }

  types(person) {
    this.#stopsTyping(person.id);
    const timer = setTimeout(() => {
      this.#typing.delete(person.id);
      this.#changed();
    }, TYPING_LASTS);
    this.#typing.set(person.id, { name: person.name, timer });
  }

  /** Puts a remark into the timeline, "Ada joined", beside the last one if that is recent. */
  note(name, what) {
    const at = Date.now();
    let event = this.entries.at(-1);
    if (event?.kind !== "event" || at - event.at > EVENTS_TOGETHER) {
      event = { kind: "event", key: `event/${at}/${name}`, at, parts: [] };
      this.#append(event);
    }
    const part = event.parts.at(-1);
    if (part?.what !== what) event.parts.push({ names: [name], what });
    else if (!part.names.includes(name)) part.names.push(name);
    if (event.parts.length > PARTS_OF_EVENT) event.parts.shift();
  }

  /** Says that somebody left, but only after a while: most are back in a moment. */
  #leaves(person) {
    clearTimeout(this.#leaving.get(person.id));
    const timer = setTimeout(() => {
      this.#leaving.delete(person.id);
      this.note(person.name, "left");
      this.#changed();
    }, AWAY_BEFORE_SAID);
    this.#leaving.set(person.id, timer);
  }

  #stopsTyping(personId) {
    clearTimeout(this.#typing.get(personId)?.timer);
    this.#typing.delete(personId);
  }

  #append(entry) {
    this.entries.push(entry);
    this.#trim();
  }

  #trim() {
    if (this.entries.length > ENTRIES) this.entries.splice(0, this.entries.length - ENTRIES);
  }
}
