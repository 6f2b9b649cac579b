import { byId, element, icon } from "./dom.js";

const LASTS = 7_000;

/** Shows a problem for a while. The same text is not shown twice at a time. */
export function toast(text) {
  const all = byId("toasts");
  if ([...all.children].some((shown) => shown.dataset.text === text)) return;
  const close = element("button", { type: "button", class: "icon-button small", "aria-label": "Dismiss" }, icon("close"));
  const shown = element("div", { class: "toast", "data-text": text }, icon("alert"), element("p", {}, text), close);
  let timer;
  const wait = () => {
    timer = setTimeout(() => shown.remove(), LASTS);
  };
  close.addEventListener("click", () => shown.remove());
  shown.addEventListener("pointerenter", () => clearTimeout(timer));
  shown.addEventListener("pointerleave", wait);
  all.append(shown);
  wait();
}
