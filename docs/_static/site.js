// Before the first paint: the theme that the reader chose, else the one that the system asks for.
// The book theme does this later, with a flash of the other theme and an error in the console.
(() => {
  const root = document.documentElement;
  let mode = null;
  try {
    mode = localStorage.getItem("mode");
  } catch {
    // Storage is closed to this page: nothing was saved.
  }
  if (mode !== "light" && mode !== "dark") mode = "auto";
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.mode = mode;
  root.dataset.theme = mode === "auto" ? (dark ? "dark" : "light") : mode;
})();
