/* The search page: what is asked stands in its address, what is found in a list that goes on as one scrolls. */
(() => {
  "use strict";
  const page = document.querySelector(".mlw-search");
  if (!page) return;
  const words = JSON.parse(page.dataset.words);
  const lang = page.dataset.lang;
  const get = (id) => document.getElementById(id);
  const query = get("mlw-query");
  const sort = get("mlw-sort");
  const list = get("mlw-results");
  const more = get("mlw-more");
  const facetForm = get("mlw-facets");
  const drawer = page.querySelector(".mlw-facets");

  const FIRST = 10; // what a screen shows
  const BATCH = 20;
  const SHOWN = { keyword: 12, source: 8, year: 8 }; // of a facet's values, at first
  const SMALL = 16384; // bytes of keywords that are loaded unasked

  let engine;
  let FACETS;
  let number, fill, count, dateText, valueText; // how numbers, dates and values are shown
  let state = read();
  let found = { numbers: [], hits: null, runs: [] };
  let shown = 0;
  let asked = 0;
  const opened = new Map(); // facet to how many values it shows, and what its filter says

  /* ---- What is asked, in the address ---- */

  function read() {
    const given = new URLSearchParams(location.search);
    const choice = {};
    for (const name of ["star", "year", "source", "keyword", "kind", "series", "has", "lang", "mine"]) {
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

  const withValue = (facet, value, on) => {
    const values = new Set(state.choice[facet] ?? []);
    if (on) values.add(value);
    else values.delete(value);
    const choice = { ...state.choice, [facet]: [...values] };
    if (!values.size) delete choice[facet];
    return { ...state, choice };
  };

  const order = () => state.sort || (found.hits ? "relevance" : "newest");

  /* ---- Searching ---- */

  async function search({ upTo = FIRST } = {}) {
    const turn = ++asked;
    page.setAttribute("aria-busy", "true");
    try {
      if (state.choice.keyword) await engine.loadKeywords();
      if (state.choice.mine && hasMine()) await loadMine();
      const q = state.q;
      const answer = found.q === q ? found : { ...(await engine.find(q)), q };
      if (turn !== asked) return; // another question was asked meanwhile
      found = answer;
      choose();
      const missing = engine.missing(found);
      shown = 0;
      list.replaceChildren();
      drawControls();
      await Promise.all([showMore(upTo), missing]);
      if (turn !== asked) return;
      found.missing = await missing;
      if (found.only && found.missing.length && found.missing.length === found.words.length) {
        // Pagefind gave what begins like it.
        found.hits = new Map();
        found.missing = [];
        choose();
        shown = 0;
        more.hidden = true;
        list.replaceChildren();
        drawControls();
      }
      tell();
    } catch (error) {
      if (turn === asked) off(words.broken, error);
    } finally {
      if (turn === asked) page.removeAttribute("aria-busy");
    }
  }

  /* The reader's own marks (mlwatch-comfort.js): a facet for who has some, loaded when it is opened. */
  const loadMine = () => engine.loadMine(window.mlwatchMarks?.all() ?? []);
  const hasMine = () => {
    const own = window.mlwatchMarks;
    if (!own || !engine.manifest.entries) return false;
    words.facets.mine = own.words.facet;
    words.mine = own.words.mine;
    return Boolean(own.all().size || state.choice.mine);
  };

  const choose = () => Object.assign(found, engine.select(found.hits, state.choice, order()));

  const tell = () => {
    const n = found.numbers.length;
    get("mlw-status").textContent = get("mlw-done").textContent = n ? count(words.results, n) : words.none;
    const notes = [];
    if (found.missing?.length && n) notes.push(fill(words.missing, { words: found.missing.join(", ") }));
    if (!n) notes.push(Object.keys(state.choice).length ? words.hintFilters : words.hintWords);
    get("mlw-note").textContent = notes.join(" ");
    get("mlw-note").hidden = !notes.length;
  };

  async function showMore(size = BATCH, focus = false) {
    const turn = asked;
    const batch = found.numbers.slice(shown, shown + size);
    shown += batch.length;
    const cards = await Promise.all(batch.map((n) => engine.card(n, found.hits?.get(n), found.runs)));
    if (turn !== asked) return;
    const rows = cards.map(row);
    list.append(...rows);
    more.hidden = shown >= found.numbers.length;
    if (focus) rows[0]?.querySelector("a").focus();
  }

  /* ---- Drawing ---- */

  const element = (tag, attributes = {}, ...children) => {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (value === true) made.setAttribute(name, "");
      else if (value !== false && value !== undefined && value !== "") made.setAttribute(name, value);
    }
    made.append(...children);
    return made;
  };

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

  function row(card) {
    const title = element("a", { href: card.url, class: "mlw-title", lang: card.lang }, ...marked(card.title));
    const head = element("p", { class: "mlw-row" });
    if (card.star) head.append(element("span", { class: "mlw-star" }, "★".repeat(card.star)), " ");
    head.append(title);
    const meta = [];
    if (card.source) meta.push(chooser("source", card.source, card.source));
    if (card.date) meta.push(dateText(card.date));
    if (card.kind && card.kind !== "article") meta.push(valueText("kind", card.kind));
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
    const chips = chosen.map(([facet, value]) => {
      const text = valueText(facet, value);
      const button = element("button", { type: "button", "data-key": `chip ${facet} ${value}`, "aria-label": fill(words.remove, { name: text }) }, text, element("span", { "aria-hidden": "true" }, "×"));
      button.addEventListener("click", () => {
        go(withValue(facet, value, false));
        query.focus();
      });
      return element("li", {}, button);
    });
    if (chosen.length) {
      const clear = element("button", { type: "button", class: "mlw-clear" }, words.clear);
      clear.addEventListener("click", () => {
        go({ ...state, choice: {} });
        query.focus();
      });
      chips.push(element("li", {}, clear));
    }
    get("mlw-chosen").replaceChildren(...chips);
    get("mlw-chosen").hidden = !chosen.length;
    const focused = document.activeElement?.dataset.key;
    const folded = new Map([...facetForm.querySelectorAll("details")].map((box) => [box.dataset.facet, box.open]));
    facetForm.replaceChildren(...FACETS.map((name) => drawFacet(name, folded)).filter(Boolean));
    if (focused) facetForm.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus();
  }

  function drawFacet(name, folded) {
    const facet = engine.facets[name];
    if (name === "mine" && !hasMine()) return null;
    const later = (name === "keyword" || name === "mine") && !facet;
    if (!later && facet.values.length < (state.choice[name] || name === "has" || name === "star" || name === "mine" ? 1 : 2)) return null;
    if (later && name === "keyword" && !(engine.manifest.keywords.any && found.numbers.length)) return null;
    const body = element("div", { role: "group", "aria-label": words.facets[name] });
    const box = element("details", { "data-facet": name, open: folded.get(name) ?? !later }, element("summary", { "data-key": `facet ${name}` }, words.facets[name]), body);
    if (later) {
      box.addEventListener("toggle", async () => {
        if (!box.open || engine.facets[name]) return;
        body.textContent = words.loading;
        await (name === "mine" ? loadMine() : engine.loadKeywords());
        choose();
        drawControls();
      });
    } else if (!fillFacet(name, body)) return null;
    return box;
  }

  function fillFacet(name, body) {
    const { values } = engine.facets[name];
    const counts = found.counts[name];
    const chosen = new Set(state.choice[name] ?? []);
    const setting = opened.get(name) ?? { size: SHOWN[name] ?? 6, filter: "" };
    let all = values.map((value, i) => ({ value, count: counts[i], text: valueText(name, value) }));
    for (const value of chosen) if (!values.includes(value)) all.push({ value, count: 0, text: valueText(name, value) });
    all = all.filter((one) => one.count || chosen.has(one.value));
    if (name === "year" || name === "star") all.sort((a, b) => (a.value < b.value ? 1 : -1));
    else if (name !== "has" && name !== "mine") all.sort((a, b) => b.count - a.count || a.text.localeCompare(b.text, lang));
    if (!all.length) return false;
    const list = element("ul");
    const rest = element("p", { class: "mlw-facet-rest" });
    const draw = () => {
      const filter = setting.filter.trim().toLocaleLowerCase(lang);
      const fits = all.filter((one) => chosen.has(one.value) || one.text.toLocaleLowerCase(lang).includes(filter));
      const seen = fits.filter((one, i) => i < setting.size || chosen.has(one.value));
      list.replaceChildren(...seen.map((one) => drawValue(name, one, chosen.has(one.value))));
      const hidden = fits.length - seen.length;
      rest.replaceChildren();
      if (hidden > 0) {
        const button = element("button", { type: "button", "data-key": `more ${name}` }, count(words.moreValues, hidden));
        button.addEventListener("click", () => {
          setting.size += 30;
          opened.set(name, setting);
          const first = seen.length;
          draw();
          list.querySelectorAll("input")[first]?.focus();
        });
        rest.append(button);
      }
    };
    if (all.length > 15) {
      const field = element("input", { type: "search", class: "mlw-facet-filter", "data-key": `filter ${name}`, placeholder: words.filterValues, "aria-label": fill(words.filterLabel, { name: words.facets[name] }), value: setting.filter, autocomplete: "off" });
      field.addEventListener("input", () => {
        setting.filter = field.value;
        opened.set(name, setting);
        draw();
      });
      body.append(field);
    }
    draw();
    body.append(list, rest);
    return true;
  }

  const drawValue = (facet, { value, count: n, text }, isChosen) => {
    const box = element("input", { type: "checkbox", name: facet, value, "data-key": `${facet} ${value}`, checked: isChosen });
    box.addEventListener("change", () => go(withValue(facet, value, box.checked)));
    const name = element("span", { class: facet === "star" ? "mlw-star" : "mlw-name" }, text);
    if (facet === "star") name.setAttribute("aria-label", count(words.stars, Number(value)));
    if (facet === "star") name.setAttribute("role", "img");
    return element("li", {}, element("label", {}, box, name, element("span", { class: "mlw-count" }, number.format(n))));
  };

  /* ---- Where it cannot work ---- */

  function off(text, error) {
    const box = get("mlw-off");
    box.replaceChildren(...text.split("\n").map((part) => (part.startsWith("$ ") ? element("pre", {}, part.slice(2)) : element("p", {}, part))));
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
    query.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => go({ ...state, q: query.value }, { typed: true }), 200);
    });
    query.closest("form").addEventListener("submit", (event) => {
      event.preventDefault();
      clearTimeout(waiting);
      go({ ...state, q: query.value });
    });
    facetForm.addEventListener("submit", (event) => event.preventDefault());
    sort.addEventListener("change", () => go({ ...state, sort: sort.value }));
    more.addEventListener("click", () => showMore(BATCH, true));
    new IntersectionObserver(
      (seen) => {
        if (seen.some((one) => one.isIntersecting) && !page.hasAttribute("aria-busy")) showMore();
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

  async function start() {
    query.value = state.q;
    const parsed = new Promise((done) => document.addEventListener("DOMContentLoaded", done, { once: true }));
    if (location.protocol === "file:") return off(words.file);
    const base = new URL(".", new URL(page.dataset.base, location.href)).href;
    try {
      const { Engine, FACETS: names, texts } = await import(new URL(page.dataset.engine, location.href).href);
      FACETS = names;
      if (state.choice.mine) await parsed; // the marks come with a script that is deferred
      ({ number, fill, count, dateText, valueText } = texts(words, lang));
      engine = await Engine.open(base, Boolean(state.q.trim()));
    } catch (error) {
      return off(words.broken, error);
    }
    if (engine.manifest.keywords.size <= SMALL) await engine.loadKeywords();
    get("mlw-body").hidden = false;
    listen();
    const left = history.state;
    await search({ upTo: Math.min(left?.shown || FIRST, 400) });
    if (left?.y) scrollTo(0, left.y);
    else if (!state.q && matchMedia("(pointer: fine)").matches) query.focus({ preventScroll: true });
  }

  start();
})();
