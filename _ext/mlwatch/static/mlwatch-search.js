/* The search page: what is asked stands in its address, what is found in a list that goes on as one scrolls. */
(() => {
  "use strict";
  const page = document.querySelector(".mlw-search");
  if (!page) return;
  const { element, button, number, fill, count } = window.mlwatch;
  const words = window.mlwatch.words.search;
  const get = (id) => document.getElementById(id);
  const query = get("mlw-query");
  const sort = get("mlw-sort");
  const list = get("mlw-results");
  const groups = get("mlw-groups");
  const more = get("mlw-more");
  const facetForm = get("mlw-facets");
  const drawer = page.querySelector(".mlw-facets");

  const FIRST = 10; // what a screen shows
  const BATCH = 20;
  const IN_GROUP = 3;
  const SMALL = 16384; // bytes of keywords that are loaded unasked

  function nothing() {
    return { numbers: [], groups: {}, hits: null, runs: [], spellings: [] };
  }
  let engine, FACETS, Unreachable, drawFacets;
  let dateText, valueText; // how dates and values are shown
  let state = read();
  let found = nothing();
  let shown = 0;
  let asked = 0;

  /* ---- What is asked, in the address ---- */

  function read() {
    const given = new URLSearchParams(location.search);
    const choice = {};
    for (const name of ["topic", "star", "year", "source", "keyword", "venue", "published", "kind", "series", "has", "lang", "mine"]) {
      const values = [...new Set(given.getAll(name).filter(Boolean))];
      if (values.length) choice[name] = values;
    }
    const order = given.get("sort");
    return { q: given.get("q") ?? "", choice, sort: ["relevance", "newest", "oldest"].includes(order) ? order : "" };
  }

  const address = ({ q, choice, sort: order }) => {
    const given = new URLSearchParams();
    if (q.trim()) given.set("q", q.trim());
    for (const name of FACETS) for (const value of choice[name] ?? []) given.append(name, value);
    if (order) given.set("sort", order);
    const text = given.toString();
    return location.pathname + (text ? `?${text}` : "");
  };

  // Of what is typed without a pause to do something else, the address is one step back.
  let typing = false;

  const go = (next, { typed = false } = {}) => {
    const push = !(typed && typing);
    typing = typed;
    const before = location.pathname + location.search;
    state = next;
    const now = address(state);
    if (now !== before) history[push ? "pushState" : "replaceState"](null, "", now);
    return search();
  };

  const withValue = (facet, value, on, from = state) => {
    const values = new Set(from.choice[facet] ?? []);
    if (on) values.add(value);
    else values.delete(value);
    const choice = { ...from.choice, [facet]: [...values] };
    if (!values.size) delete choice[facet];
    return { ...from, choice };
  };

  const order = () => state.sort || (found.hits ? "relevance" : "newest");

  /* ---- Searching ---- */

  async function search({ upTo = FIRST } = {}) {
    const turn = ++asked;
    page.setAttribute("aria-busy", "true");
    regain();
    try {
      if (state.choice.keyword) await engine.loadKeywords();
      if (state.choice.mine && hasMine()) await loadMine();
      const q = state.q;
      const answer = found.q === q ? found : { ...(await engine.find(q)), q };
      if (turn !== asked) return; // another question was asked meanwhile
      found = answer;
      choose();
      const missing = engine.missing(found).catch((error) => error);
      shown = 0;
      list.replaceChildren();
      groups.replaceChildren();
      drawControls();
      await showMore(upTo);
      await drawGroups(turn);
      found.missing = await missing;
      if (turn !== asked) return;
      if (found.missing instanceof Error) throw found.missing;
      if (found.only && found.missing.length && found.missing.length === found.words.length) {
        // Pagefind gave what begins like it.
        found.hits = new Map();
        found.missing = [];
        choose();
        shown = 0;
        more.hidden = true;
        list.replaceChildren();
        groups.replaceChildren();
        drawControls();
      }
      tell();
    } catch (error) {
      if (turn !== asked) return;
      if (!(error instanceof Unreachable)) return off(words.broken, error);
      // What stood here was of another question.
      found = nothing();
      choose();
      Object.assign(found, { numbers: [], groups: {} });
      shown = 0;
      list.replaceChildren();
      groups.replaceChildren();
      drawControls();
      get("mlw-status").textContent = "";
      get("mlw-note").hidden = true;
      lose(() => search({ upTo }));
    } finally {
      if (turn === asked) page.removeAttribute("aria-busy");
    }
  }

  /* ---- Without a connection: what is asked stays, and is done when it is back ---- */

  let again = null; // does what could not be done
  const told = element("div", { role: "status" });
  more.parentNode.before(told);
  const lose = (does) => {
    again = does;
    told.replaceChildren(element("p", { class: "mlw-note" }, words.offline));
    more.textContent = words.retry;
    more.hidden = false;
  };
  const regain = () => {
    again = null;
    told.replaceChildren();
    more.textContent = words.more;
  };
  window.addEventListener("online", () => again?.());

  /* The reader's own marks (mlwatch-comfort-marks.js): a facet for who has some, loaded when it is opened. */
  const loadMine = () => engine.loadMine(window.mlwatch.marks?.all() ?? []);
  const hasMine = () => Boolean(engine.manifest.entries && (window.mlwatch.marks?.all().size || state.choice.mine));

  const choose = () => Object.assign(found, engine.select(found.hits, state.choice, order()));

  const tell = () => {
    const n = found.numbers.length;
    const others = asking() && Object.values(found.groups).some((numbers) => numbers.length);
    get("mlw-status").textContent = get("mlw-done").textContent = n ? count(words.results, n) : others ? words.noEntries : words.none;
    const notes = [];
    if (found.missing?.length && n) notes.push(fill(words.missing, { words: found.missing.join(", ") }));
    if (!n && !others) notes.push(Object.keys(state.choice).length ? words.hintFilters : words.hintWords);
    get("mlw-note").textContent = notes.join(" ");
    get("mlw-note").hidden = !notes.length;
  };

  // One after the other, so that the order holds when one fails.
  let adding = Promise.resolve();
  const showMore = (...given) => {
    const turn = asked;
    adding = adding.then(() => turn === asked && addRows(turn, ...given));
    return adding;
  };

  async function addRows(turn, size = BATCH, focus = false) {
    const batch = found.numbers.slice(shown, shown + size);
    const cards = await Promise.allSettled(batch.map((n) => engine.card(n, found.hits?.get(n), found)));
    if (turn !== asked) return;
    const failed = cards.findIndex((one) => one.status === "rejected");
    const rows = cards.slice(0, failed < 0 ? cards.length : failed).map((one) => row(one.value));
    shown += rows.length;
    list.append(...rows);
    if (focus) rows[0]?.querySelector("a").focus();
    if (failed < 0) {
      regain();
      more.hidden = shown >= found.numbers.length;
    } else if (cards[failed].reason instanceof Unreachable) lose(() => showMore(size - rows.length, focus && !rows.length));
    else off(words.broken, cards[failed].reason);
  }

  /* Whether anything was asked; else all entries are shown, and nothing else. */
  const asking = () => Boolean(found.hits || Object.keys(state.choice).length);

  /* Draws the first of the digests and of the other pages that were found, below the entries. */
  async function drawGroups(turn) {
    if (!asking()) return;
    for (const [name, numbers] of Object.entries(found.groups)) {
      if (!numbers.length) continue;
      const cards = await Promise.all(numbers.slice(0, IN_GROUP).map((n) => engine.card(n, found.hits?.get(n), found)));
      if (turn !== asked) return;
      const part = element("section", { class: "mlw-group" }, element("h2", {}, words.groups[name]));
      part.append(element("ol", { class: "mlw-list mlw-results" }, ...cards.map((card) => row(card, 3))));
      if (numbers.length > IN_GROUP) {
        const all = chooser("kind", name, fill(words.allOf, { n: number.format(numbers.length) }));
        part.append(element("p", {}, all));
      }
      groups.append(part);
    }
  }

  /* ---- Drawing ---- */

  const marked = (parts) => parts.map(([text, isMarked]) => (isMarked ? element("mark", {}, text) : text));

  /* A link that adds a value to the choice; opened in a tab of its own it is a search of its own. */
  const chooser = (facet, value, ...children) => {
    const link = element("a", { href: address(withValue(facet, value, true)) }, ...children);
    link.addEventListener("click", (event) => {
      if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      go(withValue(facet, value, true));
      query.closest("form").scrollIntoView({ block: "nearest" });
    });
    return link;
  };

  function row(card, level = 2) {
    const title = element("a", { href: card.url, class: "mlw-title", lang: card.lang }, ...marked(card.title));
    const head = element(`h${level}`, { class: "mlw-row" });
    if (card.star) head.append(element("span", { class: "mlw-star" }, "★".repeat(card.star)), element("span", { class: "mlw-aside" }, words.starred), " ");
    head.append(title);
    const meta = [];
    if (card.source) meta.push(chooser("source", card.source, card.source));
    if (card.date) meta.push(dateText(card.date));
    if (level === 2 && card.kind && card.kind !== "article") meta.push(valueText("kind", card.kind));
    const item = element("li", {}, head);
    if (meta.length) item.append(element("p", { class: "mlw-meta" }, ...meta.flatMap((part, i) => (i ? [" · ", part] : [part]))));
    if (card.passage.length) item.append(element("p", { class: "mlw-excerpt" }, ...marked(card.passage)));
    if (card.items.length) {
      const items = card.items.flatMap((part, i) => (i ? [" · ", ...marked(part)] : marked(part)));
      item.append(element("p", { class: "mlw-also" }, `${words.also} `, ...items));
    }
    if (card.keywords.length) {
      const badges = card.keywords.flatMap((name) => [chooser("keyword", name, element("span", { class: "sd-badge" }, name)), " "]);
      item.append(element("p", { class: "mlw-badges" }, ...badges));
    }
    return item;
  }

  function drawControls() {
    for (const option of sort.options) option.disabled = option.value === "relevance" && !found.hits;
    sort.value = order() === "relevance" && !found.hits ? "newest" : order();
    const chosen = Object.entries(state.choice).flatMap(([facet, values]) => values.map((value) => [facet, value]));
    get("mlw-chosen-count").textContent = chosen.length ? `(${number.format(chosen.length)})` : "";
    const leave = (next) => {
      go(next);
      query.focus();
    };
    const chips = chosen.map(([facet, value]) => {
      const text = valueText(facet, value);
      const chip = button(text, () => leave(withValue(facet, value, false)), { "data-key": `chip ${facet} ${value}`, "aria-label": fill(words.remove, { name: text }) });
      chip.append(element("span", { "aria-hidden": "true" }, "×"));
      return element("li", {}, chip);
    });
    if (chosen.length) chips.push(element("li", {}, button(words.clear, () => leave({ ...state, choice: {} }), { class: "mlw-clear" })));
    get("mlw-chosen").replaceChildren(...chips);
    get("mlw-chosen").hidden = !chosen.length;
    drawQuick();
    drawFacets({ choice: state.choice, found });
  }

  /* What is asked for most: a press chooses it, another one takes it back. */
  function drawQuick() {
    const focused = document.activeElement?.dataset.quick;
    const stars = engine.facets.star.values;
    const has = engine.facets.has.values.filter((value) => words.withHas[value]);
    const quick = [
      ...(stars.length ? [["star", stars, words.starred]] : []),
      ...Object.keys(words.withHas).filter((value) => has.includes(value)).map((value) => ["has", [value], words.withHas[value]]),
    ].map(([facet, values, text]) => {
      const on = values.every((value) => state.choice[facet]?.includes(value));
      const press = () => go(values.reduce((next, value) => withValue(facet, value, !on, next), state));
      return button(text, press, { "aria-pressed": String(on), "data-quick": `${facet} ${values[0]}` });
    });
    const bar = get("mlw-quick");
    bar.replaceChildren(...quick);
    if (focused) bar.querySelector(`[data-quick="${CSS.escape(focused)}"]`)?.focus();
  }

  /* ---- Where it cannot work ---- */

  function off(text, error, ...more) {
    const box = get("mlw-off");
    box.replaceChildren(...text.split("\n").map((part) => (part.startsWith("$ ") ? element("pre", {}, part.slice(2)) : element("p", {}, part))), ...more);
    box.hidden = false;
    get("mlw-body").hidden = true;
    if (error) console.warn("search:", error);
  }

  /* ---- From here on it works ---- */

  function listen() {
    const wide = matchMedia("(min-width: 900px)");
    const unfold = () => {
      drawer.open = wide.matches;
    };
    wide.addEventListener("change", unfold);
    unfold();
    // On a narrow screen the filters are a sheet over the page: it closes when one is done, or goes elsewhere.
    const close = ({ focus = false } = {}) => {
      if (wide.matches || !drawer.open) return;
      drawer.open = false;
      if (focus) drawer.querySelector("summary").focus();
    };
    get("mlw-done").addEventListener("click", () => close({ focus: true }));
    drawer.addEventListener("keydown", (event) => event.key === "Escape" && close({ focus: true }));
    drawer.addEventListener("focusout", ({ relatedTarget }) => relatedTarget && !drawer.contains(relatedTarget) && close());
    let waiting;
    const soon = (event) => {
      clearTimeout(waiting);
      if (event.isComposing) return; // what an input method has so far is no word yet
      waiting = setTimeout(() => go({ ...state, q: query.value }, { typed: true }), 200);
    };
    query.addEventListener("input", soon);
    query.addEventListener("compositionend", soon);
    query.closest("form").addEventListener("submit", (event) => {
      event.preventDefault();
      clearTimeout(waiting);
      go({ ...state, q: query.value });
    });
    facetForm.addEventListener("submit", (event) => event.preventDefault());
    sort.addEventListener("change", () => go({ ...state, sort: sort.value }));
    more.addEventListener("click", () => (again ? again() : showMore(BATCH, true)));
    new IntersectionObserver(
      (seen) => {
        if (seen.some((one) => one.isIntersecting) && !again && !page.hasAttribute("aria-busy")) showMore();
      },
      { rootMargin: "200px" },
    ).observe(more);
    window.addEventListener("popstate", () => {
      typing = false;
      state = read();
      query.value = state.q;
      search();
    });
    // A mark that is set changes what the facet counts; what is shown stays until one asks again.
    document.addEventListener("mlwatch-marks", async () => {
      if (engine.facets.mine) await loadMine();
      found.counts = engine.select(found.hits, state.choice, order()).counts;
      drawControls();
    });
    // Who comes back from a result finds the list as long as it was, at the same place.
    window.addEventListener("pagehide", () => history.replaceState({ shown, y: scrollY }, ""));
  }

  const parsed = new Promise((done) => document.addEventListener("DOMContentLoaded", done, { once: true }));
  let starts = 0;

  /* Loads a module; a browser may remember that it could not, so each further attempt has an address of its own. */
  const bring = (address) => import(new URL(address, location.href).href + (starts > 1 ? `&again=${starts}` : ""));

  async function begin() {
    query.value = state.q;
    if (location.protocol === "file:") return off(words.file);
    starts++;
    const base = new URL(".", new URL(page.dataset.base, location.href)).href;
    let parts;
    try {
      const { Engine, FACETS: names, texts, Unreachable: Lost } = await bring(page.dataset.engine);
      const { drawFacets: drawing } = await bring(page.dataset.facets);
      [FACETS, Unreachable, parts] = [names, Lost, drawing];
      if (state.choice.mine) await parsed; // the marks come with a script that is deferred
      ({ dateText, valueText } = texts(words, window.mlwatch));
      engine = await Engine.open(base, Boolean(state.q.trim()));
      if (engine.manifest.keywords.size <= SMALL) await engine.loadKeywords();
    } catch (error) {
      if (Unreachable && !(error instanceof Unreachable)) return off(words.broken, error);
      window.addEventListener("online", restart, { once: true });
      return off(words.offline, error, element("p", {}, button(words.retry, restart)));
    }
    drawFacets = parts({
      engine,
      names: FACETS,
      words,
      form: facetForm,
      valueText,
      hasMine,
      set: (facet, value, on) => go(withValue(facet, value, on)),
      load: (name) => (name === "mine" ? loadMine() : engine.loadKeywords()),
      loaded: () => {
        choose();
        drawControls();
      },
    });
    get("mlw-off").hidden = true;
    get("mlw-body").hidden = false;
    listen();
    const left = history.state;
    await search({ upTo: Math.min(left?.shown || FIRST, 400) });
    if (left?.y) scrollTo(0, left.y);
    else if (!state.q && matchMedia("(pointer: fine)").matches) query.focus({ preventScroll: true });
  }

  const restart = () => {
    window.removeEventListener("online", restart);
    begin();
  };

  begin();
})();
