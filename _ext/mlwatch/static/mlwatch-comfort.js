/* Comfort for readers: keys, previews of entries, buttons that copy, and marks of one's own ("read", a star), which this
   browser keeps and nobody else sees. A page works without it: it adds, and changes nothing that is there.

   An entry is known by its docname, which is the address of its page below the site's root without what stands for
   ".html". So nothing of this is written into the pages. */
(() => {
  "use strict";
  const words = {
    help: "Keys and marks",
    close: "Close",
    keys: "Keys",
    keyList: [
      [["j"], "next entry of a list, a digest or the results"],
      [["k"], "entry before it"],
      [["Enter"], "open it"],
      [["m"], "mark it as read, or as unread"],
      [["f"], "give it a star of yours, or take it away"],
      [["s", "/"], "search"],
      [["?"], "this help"],
      [["Esc"], "close a preview or this help"],
    ],
    keysOn: "Use keys of one letter or sign",
    keysHint: "Keys do nothing while you type in a field.",
    marks: "Your marks",
    marksHint: "What you have read and starred is kept in this browser alone. Nobody else sees it.",
    noStore: "This browser lets the site keep nothing, so there are no marks.",
    counts: "{read} read, {star} starred by you",
    export: "Export as JSON",
    import: "Import …",
    forget: "Remove all marks",
    forgetSure: "Really remove all marks",
    forgotten: "All marks are removed.",
    imported: "Imported: {new} new marks, {known} that were here.",
    skipped: "{n} records were left out, for they are not of this form.",
    notJson: "Nothing was imported: {name} is no JSON file.",
    notMarks: "Nothing was imported: {name} has no marks as this site exports them.",
    tooLarge: "Nothing was imported: {name} is larger than 10 MB.",
    full: "The mark cannot be kept: the browser's storage is full or closed.",
    markRead: "Mark as read",
    isRead: "Read",
    star: "Star",
    isStarred: "Starred",
    ofRow: { read: "Read: {title}", star: "My star: {title}" },
    hints: { read: "Mark as read (m)", star: "Star of mine (f)" },
    told: { read: ["Marked as unread.", "Marked as read."], star: ["Star removed.", "Starred."] },
    tools: "Your marks, and what can be copied",
    copyLink: "Copy link",
    copyCitation: "Copy citation",
    copyBibtex: "Copy BibTeX",
    copied: { link: "Link copied.", citation: "Citation copied.", bibtex: "BibTeX copied." },
    notCopied: "The browser does not let this be copied.",
    show: "Show",
    mine: { all: "All", unread: "Unread", read: "Read", star: "Starred by me" },
    shown: "{n} of {all} entries shown.",
    facet: "Your marks",
  };

  const START = document.currentScript;
  const FORMAT = "mlwatch-marks";
  const KINDS = ["read", "star"];
  const SLOW = { pointer: 350, focus: 600, leave: 250 }; // ms until a preview comes, or goes
  const HEADS = ".mlw-row a, .mlw-related li > a"; // links that stand for what a list has
  const article = document.querySelector("article, main") ?? document.body;

  /* ---- Small things ---- */

  const element = (tag, attributes = {}, ...children) => {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (value === true) made.setAttribute(name, "");
      else if (value !== false && value !== undefined && value !== "") made.setAttribute(name, value);
    }
    made.append(...children);
    return made;
  };
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
  const button = (text, does, attributes = {}) => {
    const made = element("button", { type: "button", ...attributes }, text);
    made.addEventListener("click", does);
    return made;
  };

  const root = new URL(document.documentElement.dataset.content_root || "./", location.href);
  const folder = `${START?.dataset.entries ?? "entries"}/`;

  /* Returns the docname of the entry that an address leads to; "" where it leads to something else. */
  const entryOf = (address) => {
    try {
      const url = new URL(address, location.href);
      if (url.protocol !== root.protocol || url.host !== root.host || !url.pathname.startsWith(root.pathname)) return "";
      const path = decodeURIComponent(url.pathname.slice(root.pathname.length));
      const docname = path.replace(/(\/index)?\.html$|\/$/, "");
      return docname.startsWith(folder) ? docname : "";
    } catch {
      return "";
    }
  };
  const card = document.querySelector(".mlw-entry");
  const here = card ? entryOf(location.href) : "";

  /* What is told to the eye for some seconds, and to a screen reader. */
  const live = element("div", { class: "mlw-told", role: "status" });
  document.body.append(live);
  let telling;
  const tell = (text) => {
    clearTimeout(telling);
    live.textContent = "";
    (dialog?.open ? dialogTold : live).textContent = text;
    telling = setTimeout(() => {
      live.textContent = "";
    }, 5000);
  };

  /* ---- What this browser keeps ---- */

  const NAME = `${FORMAT}:${root.pathname}`; // sites that share a host keep marks apart
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
  const readMarks = (given) => {
    if (given?.format !== FORMAT || typeof given.entries !== "object" || !given.entries || Array.isArray(given.entries)) return null;
    const marks = new Map();
    let odd = 0;
    for (const [docname, record] of Object.entries(given.entries)) {
      const days = KINDS.filter((kind) => /^\d{4}-\d\d-\d\d$/.test(record?.[kind] ?? ""));
      if (!days.length || !docname.startsWith(folder) || docname.length > 1000) odd++;
      else marks.set(docname, Object.fromEntries(days.map((kind) => [kind, record[kind]])));
    }
    return { marks, odd };
  };
  const load = () => {
    try {
      return readMarks(JSON.parse(storage.getItem(NAME)))?.marks ?? new Map();
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
  const toggle = (docname, kind) => {
    if (!storage) return;
    marks = load(); // another tab may have set some
    const record = { ...marks.get(docname) };
    const on = !record[kind];
    if (on) record[kind] = new Date().toISOString().slice(0, 10);
    else delete record[kind];
    if (Object.keys(record).length) marks.set(docname, record);
    else marks.delete(docname);
    if (keep(NAME, asText())) tell(words.told[kind][Number(on)]);
    else marks = load();
    changed();
  };
  window.mlwatchMarks = { all: () => marks, words }; // for the search, which makes a facet of them
  const countOf = (kind) => [...marks.values()].filter((record) => record[kind]).length;

  window.addEventListener("storage", (event) => {
    if (event.key !== NAME && event.key !== null) return;
    marks = load();
    changed();
  });
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    marks = load();
    changed();
  });

  /* ---- Marks on rows, links and an entry's page ---- */

  const pressing = (docname, kind, text, attributes) => {
    const made = button(text, () => toggle(docname, kind), { ...attributes, "data-entry": docname, "data-kind": kind });
    made.classList.add("mlw-own-button");
    return made;
  };

  /* Gives a row its two buttons. They are no stops of the Tab key: a list of a hundred would have two hundred more; the
     keys do the same, and so does the entry's page. */
  const dress = (link) => {
    const docname = entryOf(link.href);
    if (!docname || docname === here) return;
    link.dataset.entry = docname;
    const row = link.closest(".mlw-row");
    if (!row || !storage || row.querySelector(".mlw-own")) return;
    const title = link.textContent.trim();
    const buttons = KINDS.map((kind) =>
      pressing(docname, kind, kind === "read" ? "✓" : "☆", { tabindex: "-1", title: words.hints[kind], "aria-label": fill(words.ofRow[kind], { title }) }),
    );
    row.append(element("span", { class: "mlw-own" }, ...buttons));
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
    drawCounts();
  }

  /* ---- A list: all, or some by one's own marks ---- */

  const fits = {
    all: () => true,
    unread: (docname) => !has(docname, "read"),
    read: (docname) => has(docname, "read"),
    star: (docname) => has(docname, "star"),
  };
  const rows = () =>
    [...article.querySelectorAll("ul.mlw-list > li > .mlw-row > a[data-entry]")].filter((link) => !link.closest(".sd-row, .mlw-results"));
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
    for (const list of article.querySelectorAll("li > ul.mlw-list")) {
      list.parentNode.hidden = !list.querySelector(":scope > li:not([hidden])"); // a paper, when none of its entries is shown
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
    if (told) tell(fill(words.shown, { n, all: all.length }));
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
      one.replaceChildren(`${words.mine[name]} `, element("span", { class: "mlw-count" }, String(n)));
      one.setAttribute("aria-pressed", String(name === chosen));
    }
  }

  /* ---- An entry's page: its marks, and what can be copied ---- */

  const bibtex = () => document.querySelector(".mlw-cite-this pre")?.textContent.trim() ?? "";
  const NAMED = { textbraceleft: "{", textbraceright: "}", textbackslash: "\\", textasciitilde: "~", textasciicircum: "^" };
  const plain = (text) =>
    text.replace(/\{\\(text\w+)\}|\\([&%$#_])|[{}]/g, (_, name, sign) => NAMED[name] ?? sign ?? "");

  /* Authors. “Title”. Source, date. Address: from the record of the entry, which is the last one. */
  const citation = () => {
    const record = bibtex().split(/^@/m).pop();
    const field = (name) => plain(record.match(new RegExp(`^ {2}${name} = \\{(.*)\\},?$`, "m"))?.[1] ?? "");
    const authors = field("author").split(" and ");
    const last = authors.pop();
    const who = authors.length ? `${authors.join(", ")} and ${last}` : last;
    const where = [field("howpublished"), field("note")].filter(Boolean).join(", ");
    const parts = [who, `“${titleOf(document)}”`, where].filter(Boolean).map((part) => (/[.?!。？！]$/.test(part) ? part : `${part}.`));
    return [...parts, card.querySelector("a.mlw-read")?.href ?? pageLink()].join(" ");
  };
  const pageLink = () => document.querySelector('link[rel="canonical"]')?.href ?? location.href.replace(/[?#].*$/, "");

  function titleOf(page) {
    const heading = (page.querySelector("article h1") ?? page.querySelector("h1"))?.cloneNode(true);
    heading?.querySelector(".headerlink")?.remove();
    return heading?.textContent.trim() ?? "";
  }

  const copy = async (text, told) => {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // Not over https, or not allowed: the old way, which needs a field.
      const field = element("textarea", { class: "mlw-aside", "aria-hidden": "true" });
      field.value = text;
      const focused = document.activeElement;
      document.body.append(field);
      field.select();
      const done = document.execCommand("copy");
      field.remove();
      focused?.focus();
      if (!done) return tell(words.notCopied);
    }
    return tell(told);
  };

  const addTools = () => {
    const tools = element("p", { class: "mlw-tools", role: "group", "aria-label": words.tools });
    if (storage) {
      tools.append(
        pressing(here, "read", words.markRead, { title: words.hints.read }),
        pressing(here, "star", words.star, { title: words.hints.star }),
      );
    }
    tools.append(button(words.copyLink, () => copy(pageLink(), words.copied.link)));
    if (bibtex()) {
      tools.append(button(words.copyCitation, () => copy(citation(), words.copied.citation)));
      tools.append(button(words.copyBibtex, () => copy(bibtex(), words.copied.bibtex)));
    }
    const before = [".mlw-actions", ".mlw-alt", ".mlw-lead"].map((name) => card.querySelector(name)).find(Boolean);
    if (before) before.after(tools);
    else card.append(tools);
  };

  /* ---- Preview ---- */

  const previews = new Map(); // docname to what its page shows
  let preview, shownFor, coming, going;
  let turn = 0;

  /* Reads an entry's page; null where there is nothing to show. */
  const readEntry = async (address) => {
    const response = await fetch(address, { credentials: "same-origin" });
    if (!response.ok) throw new Error(String(response.status));
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const lead = page.querySelector(".mlw-entry .mlw-lead");
    if (!lead) return null;
    for (const mark of lead.querySelectorAll(".mlw-mark")) mark.remove();
    const text = page.querySelector('meta[name="description"]')?.content ?? "";
    return { title: titleOf(page), about: lead.textContent.trim(), text };
  };

  const showPreview = async (link) => {
    const docname = entryOf(link.href);
    if (!previews.has(docname)) {
      const loading = readEntry(link.href.replace(/#.*$/, "")).catch(() => {
        previews.delete(docname); // perhaps later
        return null;
      });
      previews.set(docname, loading);
    }
    const mine = ++turn;
    const found = await previews.get(docname);
    if (mine !== turn || !found || !link.isConnected) return;
    hidePreview();
    shownFor = link;
    preview = element(
      "div",
      { class: "mlw-preview", role: "tooltip", id: "mlw-preview" },
      element("strong", { lang: link.querySelector("[lang]")?.lang || link.lang }, found.title),
      element("span", { class: "mlw-meta" }, found.about),
      ...(found.text ? [element("span", {}, found.text)] : []),
    );
    preview.addEventListener("pointerenter", () => clearTimeout(going));
    preview.addEventListener("pointerleave", leave);
    document.body.append(preview);
    link.setAttribute("aria-describedby", "mlw-preview");
    place(link);
  };

  /* Below the link where there is room, else above it; never beyond the window's edge. */
  const place = (link) => {
    const lines = [...link.getClientRects()];
    const at = lines[lines.length - 1] ?? link.getBoundingClientRect();
    const top = lines[0] ?? at;
    const { width, height } = preview.getBoundingClientRect();
    const room = document.documentElement.clientWidth - width - 8;
    const below = at.bottom + height + 8 <= innerHeight || top.top < height + 8;
    preview.style.left = `${scrollX + Math.max(8, Math.min(at.left, room))}px`;
    preview.style.top = `${scrollY + (below ? at.bottom + 4 : top.top - height - 4)}px`;
  };

  function hidePreview() {
    clearTimeout(going);
    preview?.remove();
    shownFor?.removeAttribute("aria-describedby");
    preview = shownFor = undefined;
  }
  const stopPreview = () => {
    clearTimeout(coming);
    turn++;
    hidePreview();
  };
  /* A preview stays for a moment, in which the pointer can go to it; one that has not come yet is called off. */
  function leave() {
    clearTimeout(coming);
    clearTimeout(going);
    if (preview) going = setTimeout(stopPreview, SLOW.leave);
    else turn++;
  }

  const previewable = (target) => {
    const link = target instanceof Element ? target.closest("a[href]") : null;
    const docname = link && !link.closest("nav, .mlw-nav") ? entryOf(link.href) : "";
    return docname && docname !== here ? link : null;
  };
  const plan = (link, wait) => {
    clearTimeout(going);
    if (link === shownFor) return;
    clearTimeout(coming);
    coming = setTimeout(() => showPreview(link), wait);
  };

  const listenForPreviews = () => {
    if (location.protocol === "file:" || navigator.connection?.saveData) return; // nothing can, or should, be fetched
    document.addEventListener("pointerover", (event) => {
      if (event.pointerType === "touch") return;
      const link = previewable(event.target);
      if (link) plan(link, SLOW.pointer);
    });
    document.addEventListener("pointerout", (event) => {
      const link = event.pointerType === "touch" ? null : previewable(event.target);
      if (link && !link.contains(event.relatedTarget)) leave();
    });
    document.addEventListener("focusin", (event) => {
      const link = previewable(event.target);
      if (link?.matches(":focus-visible")) plan(link, SLOW.focus);
      else if (shownFor && !shownFor.matches(":hover")) stopPreview();
    });
    document.addEventListener("focusout", (event) => {
      if (previewable(event.target)) leave();
    });
    document.addEventListener("click", stopPreview, true);
  };

  /* ---- Help, and what can be done with all marks ---- */

  let dialog, dialogTold, total, forget;

  function drawCounts() {
    if (total) total.textContent = storage ? fill(words.counts, { read: countOf("read"), star: countOf("star") }) : words.noStore;
    if (forget) forget.textContent = words.forget;
    if (forget) forget.disabled = !marks.size;
  }

  const exportMarks = () => {
    const url = URL.createObjectURL(new Blob([`${asText(2)}\n`], { type: "application/json" }));
    element("a", { href: url, download: "mlwatch-marks.json" }).click();
    setTimeout(() => URL.revokeObjectURL(url), 10000);
  };

  const importMarks = async (file) => {
    const { name } = file;
    if (file.size > 10_000_000) return tell(fill(words.tooLarge, { name }));
    let given;
    try {
      given = JSON.parse(await file.text());
    } catch {
      return tell(fill(words.notJson, { name }));
    }
    const found = readMarks(given);
    if (!found) return tell(fill(words.notMarks, { name }));
    marks = load();
    let added = 0;
    let known = 0;
    for (const [docname, record] of found.marks) {
      const mine = marks.get(docname) ?? {};
      for (const kind of Object.keys(record)) mine[kind] ? known++ : added++;
      marks.set(docname, { ...record, ...mine }); // the day when it was set here stays
    }
    const kept = keep(NAME, asText());
    if (!kept) marks = load();
    changed();
    if (!kept) return undefined;
    return tell(fill(words.imported, { new: added, known }) + (found.odd ? ` ${fill(words.skipped, { n: found.odd })}` : ""));
  };

  const makeDialog = () => {
    const keyRows = words.keyList.flatMap(([keys, does]) => [
      element("dt", {}, ...keys.flatMap((key, i) => (i ? [" ", element("kbd", {}, key)] : [element("kbd", {}, key)]))),
      element("dd", {}, does),
    ]);
    const on = element("input", { type: "checkbox", checked: keysOn(), disabled: !storage });
    on.addEventListener("change", () => {
      if (!keep(`${FORMAT}-keys`, on.checked ? "on" : "off")) on.checked = keysOn();
    });
    const file = element("input", { type: "file", accept: ".json,application/json", hidden: true });
    file.addEventListener("change", async () => {
      if (file.files[0]) await importMarks(file.files[0]);
      file.value = "";
    });
    total = element("p");
    dialogTold = element("p", { role: "status" });
    forget = button(words.forget, () => {
      if (forget.textContent === words.forget) {
        forget.textContent = words.forgetSure; // a second press does it
        return;
      }
      marks = new Map();
      if (keep(NAME, asText())) tell(words.forgotten);
      changed();
    });
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
      ...(storage ? [actions] : []),
      dialogTold,
    );
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog) dialog.close(); // beside it
    });
    dialog.addEventListener("close", () => {
      dialogTold.textContent = "";
    });
    document.body.append(dialog);
  };

  const openHelp = () => {
    stopPreview();
    if (!dialog) makeDialog();
    drawCounts();
    dialog.showModal();
  };

  const addHelpButton = () => {
    const made = button("?", openHelp, { class: "mlw-help-button", title: `${words.help} (?)`, "aria-label": words.help, "aria-haspopup": "dialog" });
    const place = document.querySelector(".article-header-buttons");
    if (place) place.append(made);
    else article.append(element("p", { class: "mlw-help-place" }, made));
  };

  /* ---- Keys ---- */

  function keysOn() {
    try {
      return storage?.getItem(`${FORMAT}-keys`) !== "off";
    } catch {
      return true;
    }
  }
  const typing = (target) =>
    target instanceof Element &&
    (target.isContentEditable ||
      target.closest("textarea, select, [role=textbox], [role=searchbox], [role=combobox]") ||
      target.matches("input:not([type=checkbox], [type=radio], [type=button], [type=submit], [type=reset])"));

  let current; // the link that j and k came to, or that had the focus
  const heads = () => [...article.querySelectorAll(HEADS)].filter((link) => link.matches("[data-entry], .mlw-results *") && link.checkVisibility());

  const move = (step) => {
    const all = heads();
    let at = all.indexOf(current);
    if (at < 0) {
      // From where one looks: the first that is seen, or the last.
      const seen = all.findIndex((link) => link.getBoundingClientRect().top >= 0);
      at = seen < 0 ? all.length - (step < 0 ? 0 : 1) : seen;
      if (step > 0) at -= 1;
    }
    const next = all[at + step];
    if (next) {
      next.focus({ preventScroll: true, focusVisible: true });
      const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
      (next.closest("li") ?? next).scrollIntoView({ block: "nearest", behavior: still ? "instant" : "smooth" });
      current = next;
    } else if (step > 0) {
      const more = document.querySelector("#mlw-more:not([hidden])");
      if (more?.checkVisibility()) more.click(); // it leads to the first of those that come
    }
  };

  const onMark = (kind) => {
    const docname = (heads().includes(current) && current.dataset.entry) || here;
    if (docname) toggle(docname, kind);
  };

  /* The search has a key of its own, and finds the field that is seen. */
  const search = () => {
    const key = new KeyboardEvent("keydown", { key: "/", bubbles: true, cancelable: true });
    Object.defineProperty(key, "mlwatch", { value: true });
    if (document.body.dispatchEvent(key)) document.querySelector('input[type="search"], .search-button__button')?.click();
  };

  const DOES = { j: () => move(1), k: () => move(-1), m: () => onMark("read"), f: () => onMark("star"), s: search, "?": openHelp };

  window.addEventListener(
    "keydown",
    (event) => {
      if (event.key === "Escape" && !dialog?.open) return stopPreview();
      if (event.mlwatch || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return undefined;
      if (typing(event.composedPath()[0]) || document.querySelector("dialog[open]")) return undefined;
      if (event.key === "/" && !keysOn()) return event.stopImmediatePropagation(); // the search's own key, too
      if (!Object.hasOwn(DOES, event.key) || !keysOn()) return undefined;
      if (event.repeat && !"jk".includes(event.key)) return undefined;
      event.preventDefault();
      return DOES[event.key]();
    },
    true,
  );
  document.addEventListener("focusin", (event) => {
    if (event.target.matches(HEADS)) current = event.target;
  });

  /* ---- From here on ---- */

  dressAll(article);
  if (here) addTools();
  draw();
  if (chosen !== "all" && bar) choose(chosen, { told: false });
  const results = document.getElementById("mlw-results");
  if (results) {
    new MutationObserver((changes) => {
      for (const { addedNodes } of changes) for (const row of addedNodes) dressAll(row);
      draw();
    }).observe(results, { childList: true });
  }
  addHelpButton();
  listenForPreviews();
  document.dispatchEvent(new CustomEvent("mlwatch-marks")); // the search may have been there before
})();
