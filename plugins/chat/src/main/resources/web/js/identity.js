import { forBrowser, forTab } from "./storage.js";

/** A random text of 32 hexadecimal digits. Works without TLS too, where randomUUID does not exist. */
export function random() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * Who somebody is to the server: a name, and a secret key that makes the same person of all tabs
 * and reconnects. A tab may have an identity of its own.
 */
export class Identity {
  #own = forTab.read("identity");
  #shared = forBrowser.read("identity") ?? { name: "", key: random() };

  get name() {
    return (this.#own ?? this.#shared).name;
  }

  get key() {
    return (this.#own ?? this.#shared).key;
  }

  /** Takes a name; with `onlyHere` as a person of its own, in this tab. */
  take(name, onlyHere = false) {
    if (onlyHere) this.#own = { name, key: random() };
    else if (this.#own) this.#own = { ...this.#own, name };
    else this.#shared = { ...this.#shared, name };
    this.#save();
  }

  #save() {
    if (this.#own) forTab.write("identity", this.#own);
    else forBrowser.write("identity", this.#shared);
  }
}
