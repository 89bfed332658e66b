/* Instant results: the first entries that find what is typed into a search field, below the field. The engine of the search
   page finds them; it is loaded when something is typed. */
(() => {
  "use strict";
  const { element, openSearch } = window.mlwatch;
  const words = window.mlwatch.words.search;
  const MOST = 5;
  if (location.protocol === "file:") return; // a browser lets no page read files beside it

  let loading;
  const engineAt = (base) => {
    loading ??= openSearch(base, true).catch((error) => {
      loading = null; // the search page says what is wrong
      throw error;
    });
    return loading;
  };

  const dress = (field, number) => {
    const base = field.form.action.replace(/search(?:\.html|\/)?$/, "");
    const list = element("ul", { class: "mlw-preview mlw-instant", id: `mlw-instant-${number}`, role: "listbox", "aria-label": words.instant, hidden: true });
    field.form.append(list);
    for (const [name, value] of Object.entries({ role: "combobox", "aria-expanded": "false", "aria-controls": list.id, "aria-autocomplete": "list" })) {
      field.setAttribute(name, value);
    }
    let asked = 0;
    let chosen = -1;

    const choose = (at) => {
      const options = [...list.children];
      chosen = options.length ? (at + options.length + 1) % (options.length + 1) : -1;
      if (chosen === options.length) chosen = -1; // the field itself
      options.forEach((option, n) => option.setAttribute("aria-selected", String(n === chosen)));
      if (chosen < 0) field.removeAttribute("aria-activedescendant");
      else field.setAttribute("aria-activedescendant", options[chosen].id);
    };
    const show = (options) => {
      list.replaceChildren(...options);
      list.hidden = !options.length;
      field.setAttribute("aria-expanded", String(!list.hidden));
      chosen = -1;
      field.removeAttribute("aria-activedescendant");
    };
    const close = () => {
      asked++;
      show([]);
    };

    const ask = async () => {
      const turn = ++asked;
      const query = field.value.trim();
      if (!query) return show([]);
      try {
        const { engine, dateText } = await engineAt(base);
        const found = await engine.find(query);
        if (turn !== asked) return undefined;
        const { numbers } = engine.select(found.hits, {}, "relevance");
        const cards = await Promise.all(numbers.slice(0, MOST).map((n) => engine.card(n, found.hits?.get(n), found)));
        if (turn !== asked) return undefined;
        const missing = found.only ? await engine.missing(found) : [];
        if (turn !== asked) return undefined;
        return show(missing.length && missing.length === found.words.length ? [] : cards.map((card, n) => option(card, n, dateText)));
      } catch {
        return close();
      }
    };
    const option = (card, n, dateText) => {
      const title = card.title.map(([text, marked]) => (marked ? element("mark", {}, text) : text));
      const facts = [card.source, card.date && dateText(card.date)].filter(Boolean).join(" · ");
      const link = element("a", { href: card.url, tabindex: "-1" }, element("span", { lang: card.lang }, ...title), element("small", {}, facts));
      return element("li", { role: "option", id: `${list.id}-${n}`, "aria-selected": "false" }, link);
    };

    let waiting;
    const soon = (event) => {
      clearTimeout(waiting);
      if (!event.isComposing) waiting = setTimeout(ask, 120);
    };
    field.addEventListener("input", soon);
    field.addEventListener("compositionend", soon);
    field.addEventListener("focus", () => field.value.trim() && ask());
    field.addEventListener("keydown", (event) => {
      if (event.isComposing || list.hidden) return;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") choose(chosen + (event.key === "ArrowDown" ? 1 : -1));
      else if (event.key === "Enter" && chosen >= 0) list.children[chosen].querySelector("a").click();
      else if (event.key === "Escape") close();
      else return;
      event.preventDefault();
    });
    field.form.addEventListener("focusout", ({ relatedTarget }) => {
      if (!field.form.contains(relatedTarget)) close();
    });
    list.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps the focus until the link is followed
    field.form.addEventListener("submit", () => clearTimeout(waiting));
  };

  document.querySelectorAll(".mlw-search-box input").forEach(dress);
})();
