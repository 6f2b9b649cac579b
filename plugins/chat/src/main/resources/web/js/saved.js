import { forTab } from "./storage.js";

// What a tab finds again after a reload. Lines of rooms are the server's to remember, those of
// private talks are kept here alone.

const KEY = "conversations";
const PRIVATE_LINES = 100;

export function savedConversations() {
  return forTab.read(KEY) ?? { rooms: [], privates: [], current: null };
}

export function saveConversations(conversations, current) {
  const all = [...conversations];
  forTab.write(KEY, {
    rooms: all.filter(({ kind }) => kind === "room").map(({ id }) => id),
    privates: all
      .filter(({ kind }) => kind === "private")
      .map(({ id, title, entries }) => ({ id, title, lines: sentLines(entries) })),
    current: current?.key ?? null,
  });
}

export function forgetConversations() {
  forTab.write(KEY, null);
}

function sentLines(entries) {
  return entries
    .filter(({ kind, state }) => kind === "line" && state === "sent")
    .slice(-PRIVATE_LINES)
    .map(({ line }) => line);
}
