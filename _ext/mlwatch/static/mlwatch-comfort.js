/* What the scripts of all pages share. Comfort for readers is in the files beside this one: marks of one's own, previews,
   what can be copied, help, keys. A page works without them: they add, and change nothing that is there.

   mlwatch-site.js, written by the build, has the words and what else is one for the whole site. An entry is known by its
   docname, which is the address of its page below the site's root without what stands for ".html". So nothing of this is
   written into the pages. */
window.mlwatch = (() => {
  "use strict";
  const { entries: folder, words, ...site } = window.mlwatchSite;
  let lang = "en";
  try {
    [lang] = Intl.getCanonicalLocales(site.lang);
  } catch {
    // A code of Sphinx's that is none of the browser's, such as "sr@latin".
  }

  /* ---- Elements and words ---- */

  const element = (tag, attributes = {}, ...children) => {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (value === true) made.setAttribute(name, "");
      else if (value !== false && value !== undefined && value !== "") made.setAttribute(name, value);
    }
    made.append(...children);
    return made;
  };
  const button = (text, does, attributes = {}) => {
    const made = element("button", { type: "button", ...attributes }, text);
    made.addEventListener("click", does);
    return made;
  };

  const plural = new Intl.PluralRules(lang);
  const number = new Intl.NumberFormat(lang);
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
  const count = (forms, n) => fill(forms[plural.select(n)] ?? forms.other, { n: number.format(n) });

  for (const [name, text] of Object.entries(words.comfort.signs)) {
    document.documentElement.style.setProperty(`--mlw-${name}`, JSON.stringify(text));
  }

  /* What is told to the eye for some seconds, and to a screen reader: in the dialog that is open, for nothing else is seen. */
  const live = element("div", { class: "mlw-told", role: "status" });
  document.body.append(live);
  let telling;
  const tell = (text) => {
    clearTimeout(telling);
    live.textContent = "";
    (document.querySelector("dialog[open] [role=status]") ?? live).textContent = text;
    telling = setTimeout(() => {
      live.textContent = "";
    }, 5000);
  };

  /* ---- Entries ---- */

  const root = new URL(document.documentElement.dataset.content_root || "./", location.href);

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
  const titleOf = (page) => {
    const heading = (page.querySelector("article h1") ?? page.querySelector("h1"))?.cloneNode(true);
    heading?.querySelector(".headerlink")?.remove();
    return heading?.textContent.trim() ?? "";
  };

  /* Returns the search's engine, with what shows dates and values; *base* is the URL of the site's root. */
  const openSearch = async (base, soon) => {
    const { Engine, texts } = await import(`${base}_static/mlwatch-search-engine.js?v=${site.search}`);
    return { engine: await Engine.open(`${base}pagefind/`, soon), ...texts(words.search, window.mlwatch) };
  };

  return { openSearch, words, lang, english: site.english, weeks: site.weeks, ending: site.ending, element, button, number, fill, count, tell, root, folder, entryOf, titleOf };
})();
