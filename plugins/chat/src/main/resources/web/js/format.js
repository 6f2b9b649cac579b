const MINUTE = 60_000;
const clock = new Intl.DateTimeFormat([], { hour: "2-digit", minute: "2-digit" });
const day = new Intl.DateTimeFormat([], { weekday: "long", day: "numeric", month: "long" });
const whole = new Intl.DateTimeFormat([], { dateStyle: "full", timeStyle: "medium" });
const relative = new Intl.RelativeTimeFormat("en", { style: "short" });

/** "now", "5 min. ago", and from an hour on the time of day. */
export function shortTime(at, now = Date.now()) {
  const minutes = Math.floor((now - at) / MINUTE);
  if (minutes < 1) return "now";
  return minutes < 60 ? relative.format(-minutes, "minute") : clock.format(at);
}

/** Date and time in full, for a tooltip. */
export const fullTime = (at) => whole.format(at);

export const sameDay = (a, b) => new Date(a).toDateString() === new Date(b).toDateString();

export function dayName(at, now = Date.now()) {
  if (sameDay(at, now)) return "Today";
  return sameDay(at, now - 24 * 60 * MINUTE) ? "Yesterday" : day.format(at);
}

/** One or two letters to stand for a name. */
export function initials(name) {
  const words = name.split(/[ ._-]+/).filter(Boolean);
  const letters = words.length > 1 ? [words[0], words.at(-1)].map((word) => [...word][0]) : [...name].slice(0, 2);
  return letters.join("").toUpperCase();
}

/** A colour's hue, in degrees, that stays with a person whatever the name. */
export function hue(personId) {
  let hash = 2166136261;
  for (const char of personId) hash = Math.imul(hash ^ char.codePointAt(0), 16777619);
  return (hash >>> 0) % 360;
}

export const people = (count) => (count === 1 ? "1 person" : `${count} people`);

/** "Ada", "Ada and Bob", "Ada, Bob and Eve", "Ada, Bob and 2 more". */
export function listed(names) {
  const shown = names.length > 3 ? [...names.slice(0, 2), `${names.length - 2} more`] : names;
  return shown.length < 2 ? shown.join("") : `${shown.slice(0, -1).join(", ")} and ${shown.at(-1)}`;
}
