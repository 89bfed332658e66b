/* Keys: j and k through what a page lists, m and f for marks, s, "/" and Ctrl-K (on a Mac Command-K) to the search, "?"
   for help. None while one types. */
(() => {
  "use strict";
  const { marks, help } = window.mlwatch;
  const HEADS = ".mlw-row a, .mlw-related li > a"; // links that stand for what a list has
  const article = document.querySelector("article, main") ?? document.body;
  const mac = /Mac|iPhone|iPad/.test(navigator.platform);

  const typing = (target) =>
    target instanceof Element &&
    (target.isContentEditable ||
      target.closest("textarea, select, [role=textbox], [role=searchbox], [role=combobox], [role=listbox], [role=menu]") ||
      target.matches("input:not([type=checkbox], [type=radio], [type=button], [type=submit], [type=reset])"));

  let current; // the link that j and k came to, or that had the focus
  document.addEventListener("focusin", (event) => {
    if (event.target.matches(HEADS)) current = event.target;
  });
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

  const mark = (kind) => {
    const docname = (heads().includes(current) && current.dataset.entry) || marks.here;
    if (docname) marks.toggle(docname, kind);
  };

  /* Leads to the field that is seen; where none is, to the search page, or to the theme's own search. Returns whether there
     is one. */
  const search = () => {
    const fields = document.querySelectorAll("#mlw-query, .mlw-search-box input");
    const field = [...fields].find((one) => one.checkVisibility());
    if (field && field.getBoundingClientRect().right > 0) {
      field.focus();
      field.select();
      return true;
    }
    const button = document.querySelector(".mlw-search-link, .search-button__button");
    button?.click();
    return Boolean(button);
  };

  const DOES = { j: () => move(1), k: () => move(-1), m: () => mark("read"), f: () => mark("star"), s: search, "/": search, "?": help.open };

  // Before the theme's own listener, which looks for a field of its own kind.
  window.addEventListener(
    "keydown",
    (event) => {
      if (event.defaultPrevented || event.isComposing || event.keyCode === 229) return; // 229: an input method's, in Safari
      if (event.altKey || document.querySelector("dialog[open]")) return;
      const held = event.ctrlKey || event.metaKey;
      let does;
      if (held) {
        const only = mac ? event.metaKey && !event.ctrlKey : event.ctrlKey && !event.metaKey;
        if (only && !event.shiftKey && event.key?.toLowerCase() === "k") does = search;
      } else if (Object.hasOwn(DOES, event.key) && !typing(event.composedPath()[0])) {
        if (help.keysOn()) does = DOES[event.key];
        else if (event.key === "/") event.stopImmediatePropagation(); // nor does the theme's
      }
      if (!does || (event.repeat && !"jk".includes(event.key))) return;
      if (does() === false) return;
      event.preventDefault();
      event.stopImmediatePropagation();
    },
    true,
  );
})();
