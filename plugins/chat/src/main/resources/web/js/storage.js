// What the browser remembers. Storage may be switched off or full: then the chat works all the same
// and forgets at the next load.

function read(storage, key) {
  try {
    return JSON.parse(storage().getItem(`dormouse.chat.${key}`));
  } catch {
    return null;
  }
}

function write(storage, key, value) {
  try {
    storage().setItem(`dormouse.chat.${key}`, JSON.stringify(value));
  } catch {
    // See above.
  }
}

const browser = () => localStorage;
const tab = () => sessionStorage;

/** Remembered by the browser, for all tabs. */
export const forBrowser = {
  read: (key) => read(browser, key),
  write: (key, value) => write(browser, key, value),
};

/** Remembered for this tab, over a reload. */
export const forTab = {
  read: (key) => read(tab, key),
  write: (key, value) => write(tab, key, value),
};
