/** The element with this id. */
export const byId = (id) => document.getElementById(id);

/**
 * Builds an element. Children that are text become text nodes, never HTML.
 *
 * @param {string} tag
 * @param {object} properties set on the element; `class`, `data-*` and `aria-*` as attributes
 */
export function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name === "class") made.className = value;
    else if (name.includes("-")) made.setAttribute(name, value);
    else made[name] = value;
  }
  made.append(...children.filter((child) => child !== null));
  return made;
}

/** One of the page's symbols as an icon. */
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `#icon-${name}`);
  svg.setAttribute("aria-hidden", "true");
  svg.append(use);
  return svg;
}

/** Sets text only when it changed, so that a selection inside stays. */
export function setText(target, text) {
  if (target.textContent !== text) target.textContent = text;
}

/**
 * Gives `parent` one child per item, in order. A child whose item stays is kept, and with it its
 * focus and selection.
 */
export function sync(parent, items, keyOf, create, update) {
  const keys = new Set(items.map(keyOf));
  const kept = new Map();
  for (const child of [...parent.children]) {
    if (keys.has(child.dataset.key)) kept.set(child.dataset.key, child);
    else child.remove();
  }
  let next = parent.firstElementChild;
  items.forEach((item, index) => {
    const key = keyOf(item);
    let child = kept.get(key);
    if (!child) {
      child = create(item);
      child.dataset.key = key;
    }
    update(child, item, items[index - 1]);
    if (child === next) next = child.nextElementSibling;
    else parent.insertBefore(child, next);
  });
}
