import { byId, setText } from "./dom.js";

/**
 * Asks for a name, at first and to change it.
 *
 * @param {{name: string, first: boolean, error?: string}} what
 * @param {(name: string, onlyHere: boolean) => Promise<void>} accept throws what is wrong with it
 */
export function askName({ name, first, error }, accept) {
  setText(byId("name-title"), first ? "Welcome" : "Your name");
  setText(byId("name-ok"), first ? "Join the chat" : "Save");
  byId("name-cancel").hidden = first;
  byId("only-here-part").hidden = first;
  byId("only-here").checked = false;
  ask("name", name, error, !first, (value) => accept(value, byId("only-here").checked));
}

/** Asks for a new room's name. */
export function askRoom(accept) {
  ask("room", "", null, true, accept);
}

function ask(id, value, error, mayCancel, accept) {
  const dialog = byId(`${id}-dialog`);
  const input = byId(id);
  const problem = byId(`${id}-error`);
  const tell = (text) => {
    setText(problem, text ?? "");
    input.setAttribute("aria-invalid", String(Boolean(text)));
  };
  input.value = value;
  tell(error);
  byId(`${id}-cancel`).onclick = () => dialog.close();
  dialog.oncancel = (event) => {
    if (!mayCancel) event.preventDefault();
  };
  byId(`${id}-form`).onsubmit = async (event) => {
    event.preventDefault();
    const text = input.value.trim();
    if (!text) return tell("Please type one.");
    try {
      await accept(text);
      dialog.close();
    } catch (refusal) {
      tell(refusal.message);
      input.select();
    }
  };
  if (!dialog.open) dialog.showModal();
  input.select();
}
