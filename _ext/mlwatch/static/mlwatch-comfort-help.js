/* The help: which keys there are, and what can be done with all marks at once. */
(() => {
  "use strict";
  const { element, button, number, fill, count, tell, marks } = window.mlwatch;
  const words = window.mlwatch.words.comfort;
  const LIMIT = 10; // MB of a file that is imported
  const KEYS_KEPT = `${marks.FORMAT}-keys`;
  const mac = /Mac|iPhone|iPad/.test(navigator.platform);
  const KEYS = [["j"], ["k"], ["Enter"], ["m"], ["f"], ["s", "/", mac ? "⌘-K" : "Ctrl-K"], ["?"], ["Esc"]];
  let dialog, told, total, forget;

  const keysOn = () => marks.kept(KEYS_KEPT) !== "off";

  const drawCounts = () => {
    if (!dialog) return;
    const values = Object.fromEntries(marks.KINDS.map((kind) => [kind, number.format(marks.countOf(kind))]));
    total.textContent = marks.canKeep ? fill(words.counts, values) : words.noStore;
    forget.textContent = words.forget;
    forget.disabled = !marks.all().size;
  };
  document.addEventListener("mlwatch-marks", drawCounts);

  const exportMarks = () => {
    const url = URL.createObjectURL(new Blob([`${marks.asText(2)}\n`], { type: "application/json" }));
    element("a", { href: url, download: "mlwatch-marks.json" }).click();
    setTimeout(() => URL.revokeObjectURL(url), 10000);
  };

  const importMarks = async (file) => {
    const { name } = file;
    if (file.size > LIMIT * 1_000_000) return tell(fill(words.tooLarge, { name, limit: LIMIT }));
    let given;
    try {
      given = JSON.parse(await file.text());
    } catch {
      return tell(fill(words.notJson, { name }));
    }
    const found = marks.read(given);
    if (!found) return tell(fill(words.notMarks, { name }));
    let added = 0;
    let known = 0;
    const kept = marks.alter((all) => {
      for (const [docname, record] of found.marks) {
        const mine = all.get(docname) ?? {};
        for (const kind of Object.keys(record)) mine[kind] ? known++ : added++;
        all.set(docname, { ...record, ...mine }); // the day when it was set here stays
      }
    });
    if (!kept) return undefined; // that was told
    const parts = [count(words.imported, added)];
    if (known) parts.push(count(words.known, known));
    if (found.odd) parts.push(count(words.skipped, found.odd));
    return tell(parts.join(" "));
  };

  const forgetAll = () => {
    if (forget.textContent === words.forget) forget.textContent = words.forgetSure; // a second press does it
    else if (marks.alter((all) => all.clear())) tell(words.forgotten);
  };

  const make = () => {
    const keyRows = KEYS.flatMap((keys) => [
      element("dt", {}, ...keys.flatMap((key, i) => (i ? [" ", element("kbd", {}, key)] : [element("kbd", {}, key)]))),
      element("dd", {}, words.keyList[keys[0]]),
    ]);
    const on = element("input", { type: "checkbox", checked: keysOn(), disabled: !marks.canKeep });
    on.addEventListener("change", () => {
      if (!marks.keep(KEYS_KEPT, on.checked ? "on" : "off")) on.checked = keysOn();
    });
    const file = element("input", { type: "file", accept: ".json,application/json", hidden: true });
    file.addEventListener("change", async () => {
      if (file.files[0]) await importMarks(file.files[0]);
      file.value = "";
    });
    total = element("p");
    told = element("p", { role: "status" });
    forget = button(words.forget, forgetAll);
    const actions = element("p", { class: "mlw-tools" }, button(words.export, exportMarks), button(words.import, () => file.click()), forget, file);
    dialog = element(
      "dialog",
      { class: "mlw-help", "aria-labelledby": "mlw-help-title" },
      element("div", { class: "mlw-help-head" }, element("h2", { id: "mlw-help-title" }, words.help), button("×", () => dialog.close(), { "aria-label": words.close, class: "mlw-close" })),
      element("h3", {}, words.keys),
      element("dl", {}, ...keyRows),
      element("p", {}, element("label", {}, on, ` ${words.keysOn}`), element("br"), element("small", {}, words.keysHint)),
      element("h3", {}, words.marks),
      element("p", {}, words.marksHint),
      total,
      ...(marks.canKeep ? [actions] : []),
      told,
    );
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog) dialog.close(); // beside it
    });
    dialog.addEventListener("close", () => {
      told.textContent = "";
    });
    document.body.append(dialog);
  };

  const open = () => {
    if (!dialog) make();
    drawCounts();
    dialog.showModal();
  };

  const made = button("?", open, { class: "mlw-help-button", title: `${words.help} (?)`, "aria-label": words.help, "aria-haspopup": "dialog" });
  const place = document.querySelector(".article-header-buttons");
  if (place) place.append(made);
  else (document.querySelector("article, main") ?? document.body).append(element("p", { class: "mlw-help-place" }, made));
  window.mlwatch.help = { open, keysOn };
})();
