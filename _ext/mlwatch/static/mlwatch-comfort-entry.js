/* On an entry's page: the buttons of its marks, and those that copy its address, its citation, its records. */
(() => {
  "use strict";
  const { element, button, tell, titleOf, marks } = window.mlwatch;
  const words = window.mlwatch.words.comfort;
  const card = document.querySelector(".mlw-entry");
  if (!card) return;

  const textOf = (selector) => document.querySelector(selector)?.textContent.trim() ?? "";
  const bibtex = () => textOf(".mlw-cite-this .mlw-source pre"); // the first record: the paper's, else the article's
  const article = () => textOf(".mlw-cite-this #bibtex pre");
  const NAMED = { textbraceleft: "{", textbraceright: "}", textbackslash: "\\", textasciitilde: "~", textasciicircum: "^" };
  const plain = (text) =>
    text.replace(/\{\\(text\w+)\}|\\([&%$#_])|[{}]/g, (_, name, sign) => NAMED[name] ?? sign ?? "");
  const pageLink = () => document.querySelector('link[rel="canonical"]')?.href ?? location.href.replace(/[?#].*$/, "");

  /* Authors. “Title”. Source, date. Address: from the record of the article itself. */
  const citation = () => {
    const record = article();
    const field = (name) => plain(record.match(new RegExp(`^ {2}${name} = \\{(.*)\\},?$`, "m"))?.[1] ?? "");
    const authors = field("author").split(" and ");
    const last = authors.pop();
    const who = authors.length ? `${authors.join(", ")} and ${last}` : last;
    const where = [field("howpublished"), field("note")].filter(Boolean).join(", ");
    const parts = [who, `“${titleOf(document)}”`, where].filter(Boolean).map((part) => (/[.?!。？！]$/.test(part) ? part : `${part}.`));
    return [...parts, card.querySelector("a.mlw-read")?.href ?? pageLink()].join(" ");
  };

  /* Not over https, or not allowed: the old way, which needs a field. */
  const copyFromField = (text) => {
    const field = element("textarea", { class: "mlw-aside", "aria-hidden": "true", readonly: true });
    field.value = text;
    const focused = document.activeElement;
    document.body.append(field);
    field.select();
    let done = false;
    try {
      done = document.execCommand("copy");
    } catch {
      // It is not there at all.
    }
    field.remove();
    focused?.focus({ preventScroll: true });
    return done;
  };

  let byHand;
  const copy = async (text, told) => {
    byHand?.remove();
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      if (!copyFromField(text)) {
        // Where the browser lets no page copy, the reader can.
        byHand = element("textarea", { class: "mlw-by-hand", "aria-label": words.byHand, readonly: true, rows: Math.min(8, text.split("\n").length + 1) });
        byHand.value = text;
        tools.after(byHand);
        byHand.focus();
        byHand.select();
        return tell(words.notCopied);
      }
    }
    return tell(told);
  };

  const tools = element("p", { class: "mlw-tools", role: "group", "aria-label": words.tools });
  if (marks.canKeep) {
    for (const kind of marks.KINDS) tools.append(marks.pressing(marks.here, kind, words.mark[kind], { title: words.hints[kind] }));
  }
  const offer = (name, text) => tools.append(button(words.copy[name], () => copy(text(), words.copied[name])));
  offer("link", pageLink);
  if (article()) offer("citation", citation);
  if (bibtex()) offer("bibtex", bibtex);
  const ends = ["details.mlw-cite-this", "dl.mlw-fields", ".mlw-paper"].map((name) => [...document.querySelectorAll(name)].pop());
  (ends.find(Boolean) ?? card).after(tools);
  marks.draw();

  /* A link to a record opens the box in which it is folded away, which not every browser does by itself. */
  const unfold = (hash) => {
    const source = document.getElementById(hash.slice(1));
    const box = source?.closest("details.mlw-cite-this");
    if (!box || box.open) return;
    box.open = true;
    source.scrollIntoView();
  };
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest('a[href^="#bibtex"]') : null;
    if (link) unfold(link.hash); // before the browser goes there, and also when the address has it already
  });
  window.addEventListener("hashchange", () => unfold(location.hash));
  unfold(location.hash);
})();
