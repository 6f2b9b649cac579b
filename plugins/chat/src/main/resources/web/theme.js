// Loaded before anything is painted, so that the page never flashes in the wrong colours.
(() => {
  try {
    const theme = localStorage.getItem("dormouse.theme");
    if (theme) document.documentElement.dataset.theme = theme;
  } catch {
    // Storage is switched off: the system's theme it is.
  }
})();
