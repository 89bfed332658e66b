/* "/" and Ctrl-K (on a Mac Command-K) lead to the search: the field of the search page, the field at the side, or the
   theme's own where neither is seen. */
(() => {
  "use strict";
  const typing = (element) =>
    element instanceof HTMLElement &&
    (element.isContentEditable || element.matches("textarea, select, input:not([type=checkbox], [type=radio], [type=button], [type=submit])"));
  const mac = /Mac|iPhone|iPad/.test(navigator.platform);

  const lead = () => {
    const fields = document.querySelectorAll("#mlw-query, .mlw-search-box input");
    const field = [...fields].find((one) => one.checkVisibility?.() ?? one.offsetParent);
    if (field && field.getBoundingClientRect().right > 0) {
      field.focus();
      field.select();
      return true;
    }
    const button = document.querySelector(".search-button__button");
    button?.click();
    return Boolean(button);
  };

  // Before the theme's own listener, which looks for a field of its own kind.
  window.addEventListener(
    "keydown",
    (event) => {
      if (event.altKey || event.shiftKey || event.defaultPrevented) return;
      const slash = event.key === "/" && !event.ctrlKey && !event.metaKey && !typing(event.target);
      const k = event.key.toLowerCase() === "k" && (mac ? event.metaKey && !event.ctrlKey : event.ctrlKey && !event.metaKey);
      if (!slash && !k) return;
      if (document.querySelector("dialog[open] input[name=q]")) return;
      if (lead()) {
        event.preventDefault();
        event.stopImmediatePropagation();
      }
    },
    true,
  );
})();
