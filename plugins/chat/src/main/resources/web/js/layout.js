import { byId, icon } from "./dom.js";

const THEMES = ["auto", "light", "dark"];

/** The panels at both sides, which are drawers where the window is narrow. */
export class Drawers {
  #drawers = [
    { panel: byId("sidebar"), button: byId("open-sidebar"), narrow: matchMedia("(max-width: 760px)") },
    { panel: byId("details"), button: byId("open-details"), narrow: matchMedia("(max-width: 1100px)") },
  ];
  #open = null;

  constructor() {
    for (const drawer of this.#drawers) {
      drawer.button.addEventListener("click", () => this.#show(drawer));
      drawer.narrow.addEventListener("change", () => this.close());
    }
    byId("scrim").addEventListener("click", () => this.close());
    byId("close-details").addEventListener("click", () => this.close());
    document.addEventListener("keydown", (event) => event.key === "Escape" && this.close());
    this.#apply();
  }

  get anyOpen() {
    return this.#open !== null;
  }

  close() {
    const drawer = this.#open;
    this.#open = null;
    this.#apply();
    drawer?.button.focus();
  }

  #show(drawer) {
    this.#open = drawer;
    this.#apply();
    drawer.panel.querySelector("button")?.focus();
  }

  #apply() {
    for (const drawer of this.#drawers) {
      const open = drawer === this.#open;
      drawer.panel.classList.toggle("open", open);
      drawer.panel.inert = drawer.narrow.matches && !open;
      drawer.button.setAttribute("aria-expanded", String(open));
    }
    document.querySelector(".main").inert = this.#open !== null;
    byId("scrim").classList.toggle("open", this.#open !== null);
  }
}

/** The button that changes between the system's, a light and a dark theme. */
export function themeButton() {
  const root = document.documentElement;
  const button = byId("theme");
  const show = () => {
    const theme = root.dataset.theme ?? "auto";
    const label = `Colours: ${{ auto: "as the system", light: "light", dark: "dark" }[theme]}`;
    button.replaceChildren(icon(`theme-${theme}`));
    button.setAttribute("aria-label", label);
    button.title = label;
    document.querySelector("meta[name=theme-color]").content = getComputedStyle(document.body).backgroundColor;
  };
  button.addEventListener("click", () => {
    const next = THEMES[(THEMES.indexOf(root.dataset.theme ?? "auto") + 1) % THEMES.length];
    if (next === "auto") delete root.dataset.theme;
    else root.dataset.theme = next;
    try {
      if (next === "auto") localStorage.removeItem("dormouse.theme");
      else localStorage.setItem("dormouse.theme", next);
    } catch {
      // Not remembered, then.
    }
    show();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", show);
  show();
}

/** Keeps the page as high as what a phone's keyboard leaves, where the browser does not by itself. */
export function fitKeyboard() {
  const view = window.visualViewport;
  if (!view) return;
  const fit = () => {
    document.documentElement.style.setProperty("--height", `${view.height}px`);
    window.scrollTo(0, 0);
  };
  view.addEventListener("resize", fit);
  fit();
}
