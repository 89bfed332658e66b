/* Marks of one's own ("read", a star), which this browser keeps and nobody else sees: on rows, on an entry's page, and as
   a choice of what a list shows. */
(() => {
  "use strict";
  const { element, button, number, fill, tell, root, folder, entryOf } = window.mlwatch;
  const words = window.mlwatch.words.comfort;
  const FORMAT = "mlwatch-marks";
  const KINDS = ["read", "star"];
  const NAME = `${FORMAT}:${root.pathname}`; // sites that share a host keep marks apart
  const article = document.querySelector("article, main") ?? document.body;
  const here = document.querySelector(".mlw-entry") ? entryOf(location.href) : "";

  /* ---- What this browser keeps ---- */

  const storage = (() => {
    try {
      localStorage.getItem(NAME);
      return localStorage;
    } catch {
      return null;
    }
  })();
  const keep = (name, text) => {
    try {
      storage.setItem(name, text);
      return true;
    } catch {
      tell(words.full);
      return false;
    }
  };

  /* Takes what was exported or kept apart: returns marks (docname to {read, star}, each the day when it was set) and
     how many records were of another form; null for what is no such thing at all. */
  const read = (given) => {
    if (given?.format !== FORMAT || given.version !== 1) return null;
    if (typeof given.entries !== "object" || !given.entries || Array.isArray(given.entries)) return null;
    const isDay = (day) => typeof day === "string" && /^\d{4}-\d\d-\d\d$/.test(day) && !Number.isNaN(Date.parse(day));
    const marks = new Map();
    let odd = 0;
    for (const [docname, record] of Object.entries(given.entries)) {
      const kinds = KINDS.filter((kind) => isDay(record?.[kind]));
      if (!kinds.length || !docname.startsWith(folder) || docname.length > 1000) odd++;
      else marks.set(docname, Object.fromEntries(kinds.map((kind) => [kind, record[kind]])));
    }
    return { marks, odd };
  };
  const load = () => {
    try {
      return read(JSON.parse(storage.getItem(NAME)))?.marks ?? new Map();
    } catch {
      return new Map();
    }
  };
  const asText = (space) =>
    JSON.stringify({ format: FORMAT, version: 1, entries: Object.fromEntries([...marks].sort(([a], [b]) => (a < b ? -1 : 1))) }, null, space);

  let marks = load();
  const has = (docname, kind) => Boolean(marks.get(docname)?.[kind]);
  const changed = () => {
    draw();
    document.dispatchEvent(new CustomEvent("mlwatch-marks"));
  };

  /* Lets `change` alter the marks as they are now, for another tab may have set some; returns whether they were kept. */
  const alter = (change) => {
    marks = load();
    change(marks);
    const kept = keep(NAME, asText());
    if (!kept) marks = load();
    changed();
    return kept;
  };
  const toggle = (docname, kind) => {
    if (!storage) return;
    let on;
    const kept = alter(() => {
      const record = { ...marks.get(docname) };
      on = !record[kind];
      if (on) record[kind] = new Date().toISOString().slice(0, 10);
      else delete record[kind];
      if (Object.keys(record).length) marks.set(docname, record);
      else marks.delete(docname);
    });
    if (kept) tell(words.told[kind][on ? "on" : "off"]);
  };

  const again = () => {
    marks = load();
    changed();
  };
  window.addEventListener("storage", (event) => {
    if (event.key === NAME || event.key === null) again();
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) again();
  });

  /* ---- On rows, links and an entry's page ---- */

  const pressing = (docname, kind, text, attributes) =>
    button(text, () => toggle(docname, kind), { class: "mlw-own-button", "data-entry": docname, "data-kind": kind, ...attributes });

  /* Gives a row its two buttons. They are no stops of the Tab key: a list of a hundred would have two hundred more; the
     keys do the same, and so does the entry's page. */
  const dress = (link) => {
    const docname = entryOf(link.href);
    if (!docname || docname === here) return;
    link.dataset.entry = docname;
    const row = link.closest(".mlw-row");
    if (!row || !storage || row.nextElementSibling?.matches(".mlw-own")) return;
    const title = link.textContent.trim();
    const buttons = KINDS.map((kind) =>
      pressing(docname, kind, kind === "read" ? "✓" : "☆", { tabindex: "-1", title: words.hints[kind], "aria-label": fill(words.ofRow[kind], { title }) }),
    );
    row.after(element("span", { class: "mlw-own" }, ...buttons)); // beside the heading: what it is called is the title alone
  };
  const dressAll = (within) => {
    for (const link of within.querySelectorAll("a[href]")) dress(link);
  };

  function draw() {
    for (const link of article.querySelectorAll("a[data-entry]")) {
      for (const kind of KINDS) link.classList.toggle(`mlw-own-${kind}`, has(link.dataset.entry, kind));
    }
    for (const one of article.querySelectorAll("button[data-entry]")) {
      const { entry, kind } = one.dataset;
      const on = has(entry, kind);
      one.setAttribute("aria-pressed", String(on));
      if (kind === "star" && one.closest(".mlw-own")) one.textContent = on ? "★" : "☆";
    }
    drawFilter();
  }

  /* ---- A list: all, or some by one's own marks ---- */

  const fits = {
    all: () => true,
    unread: (docname) => !has(docname, "read"),
    read: (docname) => has(docname, "read"),
    star: (docname) => has(docname, "star"),
  };
  const rows = () =>
    [...article.querySelectorAll("ul.mlw-list > li > .mlw-row > a[data-entry]")].filter((link) => !link.closest(".sd-row, .mlw-results, .mlw-my-list"));
  let chosen = new URLSearchParams(location.search).get("mine");
  if (!Object.hasOwn(fits, chosen ?? "")) chosen = "all";
  let bar;

  /* Hides what the choice leaves out; what is marked later stays where it is until one chooses again. */
  const choose = (name, { told = true } = {}) => {
    chosen = name;
    const all = rows();
    let n = 0;
    for (const link of all) {
      const fit = fits[name](link.dataset.entry);
      link.closest("li").hidden = !fit;
      n += fit;
    }
    const url = new URL(location.href);
    if (name === "all") url.searchParams.delete("mine");
    else url.searchParams.set("mine", name);
    history.replaceState(history.state, "", url);
    for (const link of article.querySelectorAll(".mlw-pager a")) {
      const to = new URL(link.href);
      to.search = url.search;
      link.href = to.href;
    }
    drawFilter();
    if (told) tell(fill(words.shown, { n: number.format(n), all: number.format(all.length) }));
  };

  function drawFilter() {
    const all = rows();
    if (!storage || here || all.length < 3) return;
    if (!bar) {
      if (!marks.size && chosen === "all") return; // who has no marks needs no filter
      const buttons = Object.keys(fits).map((name) => button("", () => choose(name), { "data-mine": name }));
      bar = element("div", { class: "mlw-mine", role: "group", "aria-label": words.show }, ...buttons);
      const list = all[0].closest("section > ul.mlw-list, article > ul.mlw-list") ?? all[0].closest("ul.mlw-list");
      const total = article.querySelector("p.mlw-total, p.mlw-pager");
      if (total) total.after(bar);
      else list.before(bar);
    }
    for (const one of bar.children) {
      const name = one.dataset.mine;
      const n = all.filter((link) => fits[name](link.dataset.entry)).length;
      one.replaceChildren(`${words.mine[name]} `, element("span", { class: "mlw-count" }, number.format(n)));
      one.setAttribute("aria-pressed", String(name === chosen));
    }
  }

  /* ---- From here on ---- */

  window.mlwatch.marks = {
    FORMAT,
    KINDS,
    here,
    canKeep: Boolean(storage),
    /* Returns what is kept under a name that is no mark; null where nothing is, or nothing can be. */
    kept: (name) => {
      try {
        return storage.getItem(name);
      } catch {
        return null;
      }
    },
    keep,
    all: () => marks,
    countOf: (kind) => [...marks.values()].filter((record) => record[kind]).length,
    read,
    asText,
    alter,
    toggle,
    pressing,
    draw,
    dress: (within) => {
      dressAll(within);
      draw();
    },
  };

  dressAll(article);
  draw();
  if (chosen !== "all" && bar) choose(chosen, { told: false });
  const results = document.getElementById("mlw-results");
  if (results) {
    new MutationObserver((changes) => {
      for (const { addedNodes } of changes) for (const row of addedNodes) dressAll(row);
      draw();
    }).observe(results, { childList: true });
  }
  document.dispatchEvent(new CustomEvent("mlwatch-marks")); // the search may have been there before
})();
