/* The page of the reader's own marks: what this browser keeps as starred and as read, with export and import. */
(() => {
  "use strict";
  const page = document.querySelector(".mlw-my-list");
  if (!page) return;
  const { element, button, number, fill, count, tell, marks, root, ending, openSearch } = window.mlwatch;
  const words = window.mlwatch.words.comfort;
  const LIMIT = 10; // MB of a file that is imported

  /* ---- All marks at once ---- */

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

  const file = element("input", { type: "file", accept: ".json,application/json", hidden: true, "aria-label": words.import });
  file.addEventListener("change", async () => {
    if (file.files[0]) await importMarks(file.files[0]);
    file.value = "";
  });
  const forget = button(words.forget, forgetAll);
  const total = element("p", { class: "mlw-total", role: "status" });
  const tools = element("p", { class: "mlw-tools" }, button(words.export, exportMarks), button(words.import, () => file.click()), forget, file);
  const lists = element("div");
  page.append(total, ...(marks.canKeep ? [lists, tools] : []));

  /* ---- The lists ---- */

  let loading;

  /* Returns what is known of entries, by docname; of none where the search has no index, or there is no connection. */
  const cardsOf = async (docnames) => {
    try {
      loading ??= openSearch(root.href);
      const { engine: found, dateText } = await loading;
      const numbers = await found.numbersOf(docnames);
      const cards = await Promise.all([...numbers].map(async ([docname, n]) => [docname, await found.card(n)]));
      return new Map(cards.map(([docname, card]) => [docname, { ...card, date: card.date && dateText(card.date) }]));
    } catch {
      loading = null;
      return new Map();
    }
  };

  const address = (docname) => new URL(docname.split("/").map(encodeURIComponent).join("/") + ending, root).href;
  const row = (docname, card) => {
    const title = element("a", { href: card?.url ?? address(docname), class: "mlw-title", lang: card?.lang }, ...(card ? card.title.map(([text]) => text) : [docname]));
    const facts = [card?.source, card?.date].filter(Boolean).join(" · ");
    const item = element("li", {}, element("h3", { class: "mlw-row" }, title));
    if (facts) item.append(element("p", { class: "mlw-meta" }, facts));
    if (card?.passage.length) item.append(element("p", { class: "mlw-excerpt" }, ...card.passage.map(([text]) => text)));
    return item;
  };

  let turn = 0;
  const draw = async () => {
    const now = ++turn;
    forget.textContent = words.forget;
    forget.disabled = !marks.all().size;
    const values = Object.fromEntries(marks.KINDS.map((kind) => [kind, number.format(marks.countOf(kind))]));
    total.textContent = !marks.canKeep ? words.noStore : marks.all().size ? fill(words.counts, values) : words.noMarks;
    const shown = ["star", "read"].map((kind) => {
      const of = [...marks.all()].filter(([, record]) => record[kind]).map(([docname, record]) => [docname, record[kind]]);
      of.sort(([a, dayA], [b, dayB]) => (dayA === dayB ? (a < b ? -1 : 1) : dayA < dayB ? 1 : -1)); // what was marked last is first
      return [kind, of];
    });
    const cards = await cardsOf([...new Set(shown.flatMap(([, of]) => of.map(([docname]) => docname)))]);
    if (now !== turn) return;
    lists.replaceChildren(
      ...shown
        .filter(([, of]) => of.length)
        .flatMap(([kind, of]) => [
          element("h2", {}, `${words.mine[kind]} (${number.format(of.length)})`),
          element("ul", { class: "mlw-list" }, ...of.map(([docname]) => row(docname, cards.get(docname)))),
        ]),
    );
    marks.dress(lists);
  };
  document.addEventListener("mlwatch-marks", draw);
  draw();
})();
