/* The help: which keys there are, and the way to one's own marks. */
(() => {
  "use strict";
  const { element, button, marks, root, ending } = window.mlwatch;
  const words = window.mlwatch.words.comfort;
  const KEYS_KEPT = `${marks.FORMAT}-keys`;
  const mac = /Mac|iPhone|iPad/.test(navigator.platform);
  const KEYS = [["j"], ["k"], ["Enter"], ["m"], ["f"], ["s", "/", mac ? "⌘-K" : "Ctrl-K"], ["?"], ["Esc"]];
  let dialog;

  const keysOn = () => marks.kept(KEYS_KEPT) !== "off";

  const make = () => {
    const keyRows = KEYS.flatMap((keys) => [
      element("dt", {}, ...keys.flatMap((key, i) => (i ? [" ", element("kbd", {}, key)] : [element("kbd", {}, key)]))),
      element("dd", {}, words.keyList[keys[0]]),
    ]);
    const on = element("input", { type: "checkbox", checked: keysOn(), disabled: !marks.canKeep });
    on.addEventListener("change", () => {
      if (!marks.keep(KEYS_KEPT, on.checked ? "on" : "off")) on.checked = keysOn();
    });
    dialog = element(
      "dialog",
      { class: "mlw-help", "aria-labelledby": "mlw-help-title" },
      element("div", { class: "mlw-help-head" }, element("h2", { id: "mlw-help-title" }, words.help), button("×", () => dialog.close(), { "aria-label": words.close, class: "mlw-close" })),
      element("h3", {}, words.keys),
      element("dl", {}, ...keyRows),
      element("p", {}, element("label", {}, on, ` ${words.keysOn}`), element("br"), element("small", {}, words.keysHint)),
      element("h3", {}, words.marks),
      element("p", {}, marks.canKeep ? words.marksHint : words.noStore),
      element("p", {}, element("a", { href: new URL(`my-list${ending}`, root) }, words.myList)),
      element("p", { role: "status" }),
    );
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog) dialog.close(); // beside it
    });
    document.body.append(dialog);
  };

  const open = () => {
    if (!dialog) make();
    dialog.showModal();
  };

  const made = button("?", open, { class: "mlw-help-button", title: `${words.help} (?)`, "aria-label": words.help, "aria-haspopup": "dialog" });
  const place = document.querySelector(".article-header-buttons");
  if (place) place.append(made);
  else (document.querySelector("article, main") ?? document.body).append(element("p", { class: "mlw-help-place" }, made));
  window.mlwatch.help = { open, keysOn };
})();
