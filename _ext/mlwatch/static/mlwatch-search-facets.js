/* The facets of the search: which values there are, how many results each would give, which are chosen. */

const SHOWN = { topic: 15, keyword: 12, source: 8, year: 8 }; // of a facet's values, at first
const STEP = 30;
const LATER = ["keyword", "mine"]; // what is loaded when it is opened

/* Returns a function that draws the facets into `form`, of what is asked (`choice`) and what is found (`counts`).

   `set(facet, value, on)` is called when a value is chosen, `load(facet)` when one must be loaded first, `loaded()` when
   it is; `valueText` says how a value is shown. A facet without values, or with one for all, is not drawn. */
export const drawFacets = ({ engine, names, words, form, valueText, hasMine, set, load, loaded }) => {
  const { element, button, lang, number, fill, count } = window.mlwatch;
  const opened = new Map(); // facet to how many values it shows, and what its filter says

  const drawValue = (facet, { value, count: n, text }, checked) => {
    const box = element("input", { type: "checkbox", name: facet, value, "data-key": `${facet} ${value}`, checked });
    box.addEventListener("change", () => set(facet, value, box.checked));
    const name = element("span", { class: facet === "star" ? "mlw-star" : "mlw-name" }, text);
    if (facet === "star") name.setAttribute("aria-label", count(words.stars, Number(value)));
    if (facet === "star") name.setAttribute("role", "img");
    return element("li", {}, element("label", {}, box, name, element("span", { class: "mlw-count" }, number.format(n))));
  };

  const listed = (name, counts, chosen) => {
    const { values, prominent = values.length } = engine.facets[name];
    const all = values.map((value, i) => ({ value, count: counts[i], text: valueText(name, value), prominent: i < prominent }));
    for (const value of chosen) if (!values.includes(value)) all.push({ value, count: 0, text: valueText(name, value), prominent: true });
    if (name === "year" || name === "star") all.sort((a, b) => (a.value < b.value ? 1 : -1));
    else if (name !== "has" && name !== "mine") all.sort((a, b) => b.count - a.count || a.text.localeCompare(b.text, lang));
    return all.filter((one) => one.count || chosen.has(one.value));
  };

  /* Fills the box of a facet; returns whether there is anything in it. */
  const fillBox = (name, body, counts, chosen) => {
    const all = listed(name, counts, chosen);
    if (!all.length) return false;
    const setting = opened.get(name) ?? { size: SHOWN[name] ?? 6, filter: "" };
    opened.set(name, setting);
    const list = element("ul");
    const rest = element("p", { class: "mlw-facet-rest" });
    const draw = () => {
      const filter = setting.filter.trim().toLocaleLowerCase(lang);
      const fits = all.filter((one) => chosen.has(one.value) || (filter ? one.text.toLocaleLowerCase(lang).includes(filter) : one.prominent));
      const seen = fits.filter((one, i) => i < setting.size || chosen.has(one.value));
      list.replaceChildren(...seen.map((one) => drawValue(name, one, chosen.has(one.value))));
      rest.replaceChildren();
      if (fits.length === seen.length) return;
      const showMore = () => {
        setting.size += STEP;
        draw();
        list.querySelectorAll("input")[seen.length]?.focus();
      };
      rest.append(button(count(words.moreValues, fits.length - seen.length), showMore, { "data-key": `more ${name}` }));
    };
    if (all.length > 15 || all.some((one) => !one.prominent)) {
      const label = fill(words.filterLabel, { name: words.facets[name] });
      const field = element("input", { type: "search", class: "mlw-facet-filter", "data-key": `filter ${name}`, placeholder: words.filterValues, "aria-label": label, value: setting.filter, autocomplete: "off" });
      field.addEventListener("input", () => {
        setting.filter = field.value;
        draw();
      });
      body.append(field);
    }
    draw();
    body.append(list, rest);
    return true;
  };

  /* Loads a facet into its box; without a connection the box says so and offers to try again. */
  const fetchBox = async (name, body) => {
    body.replaceChildren(element("p", { role: "status" }, words.loading));
    try {
      await load(name);
    } catch {
      const again = () => fetchBox(name, body);
      body.replaceChildren(element("p", { role: "alert" }, words.offline), element("p", { class: "mlw-facet-rest" }, button(words.retry, again)));
      window.addEventListener("online", () => body.isConnected && again(), { once: true });
      return;
    }
    loaded();
  };

  const drawBox = (name, { choice, found }, folded) => {
    const facet = engine.facets[name];
    const least = choice[name] || ["has", "star", "mine"].includes(name) ? 1 : 2;
    if (name === "mine" && !hasMine()) return null;
    const later = LATER.includes(name) && !facet;
    if (!later && facet.values.length < least) return null;
    if (later && name === "keyword" && !(engine.manifest.keywords.any && found.numbers.length)) return null;
    const body = element("div", { role: "group", "aria-label": words.facets[name] });
    const box = element("details", { "data-facet": name, open: folded.get(name) ?? !later }, element("summary", { "data-key": `facet ${name}` }, words.facets[name]), body);
    if (later) box.addEventListener("toggle", () => box.open && !engine.facets[name] && fetchBox(name, body));
    else if (!fillBox(name, body, found.counts[name], new Set(choice[name] ?? []))) return null;
    return box;
  };

  return (asked) => {
    const focused = document.activeElement?.dataset.key;
    const folded = new Map([...form.querySelectorAll("details")].map((box) => [box.dataset.facet, box.open]));
    form.replaceChildren(...names.map((name) => drawBox(name, asked, folded)).filter(Boolean));
    if (focused) form.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus();
  };
};
