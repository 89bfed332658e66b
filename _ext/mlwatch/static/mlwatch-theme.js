// Before the first paint: the theme that the reader chose, else the page's own, else the one that the system asks for.
// It stands in a file, in the place of the theme's own inline script, which a Content-Security-Policy would stop.
(() => {
  const root = document.documentElement;
  let mode = null;
  try {
    mode = localStorage.getItem("mode");
  } catch {
    // Storage is closed to this page: nothing was saved.
  }
  mode = [mode, document.currentScript.dataset.mode].find((one) => ["auto", "light", "dark"].includes(one)) ?? "auto";
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.mode = mode;
  root.dataset.theme = mode === "auto" ? (dark ? "dark" : "light") : mode;

  // Of the buttons for the mode only that of the present one is shown (mlwatch.css); when it is pressed, the focus goes to the next.
  document.addEventListener("click", (event) => {
    const modes = event.target.closest?.(".mlw-theme");
    [...(modes?.children ?? [])].find((one) => one.checkVisibility())?.focus();
  });
})();
