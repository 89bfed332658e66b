/* What an entry is, shown beside a link to it on which the pointer or the focus rests. */
(() => {
  "use strict";
  if (location.protocol === "file:" || navigator.connection?.saveData) return; // nothing can, or should, be fetched
  const { element, entryOf, titleOf, marks } = window.mlwatch;
  const words = window.mlwatch.words.comfort;
  const SLOW = { pointer: 350, focus: 600, leave: 250 }; // ms until a preview comes, or goes
  const previews = new Map(); // docname to what its page shows
  let preview, shownFor, coming, going;
  let turn = 0;

  /* Reads an entry's page; null where there is nothing to show. */
  const readEntry = async (address) => {
    const response = await fetch(address, { credentials: "same-origin" });
    if (!response.ok) return null;
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const lead = page.querySelector(".mlw-entry .mlw-lead");
    if (!lead) return null;
    for (const mark of lead.querySelectorAll(".mlw-mark")) mark.remove();
    const text = page.querySelector('meta[name="description"]')?.content ?? "";
    return { title: titleOf(page), about: lead.textContent.trim(), text };
  };

  const show = async (link) => {
    const docname = entryOf(link.href);
    if (!previews.has(docname)) {
      previews.set(docname, readEntry(link.href.replace(/#.*$/, "")).catch(() => ({ text: words.offline })));
    }
    const mine = ++turn;
    const found = await previews.get(docname);
    if (!found?.title) previews.delete(docname); // perhaps later, when the connection is back
    if (mine !== turn || !found || !link.isConnected) return;
    hide();
    shownFor = link;
    preview = element(
      "div",
      { class: "mlw-preview", role: "tooltip", id: "mlw-preview" },
      ...(found.title ? [element("strong", { lang: link.querySelector("[lang]")?.lang || link.lang }, found.title)] : []),
      ...(found.about ? [element("span", { class: "mlw-meta" }, found.about)] : []),
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

  function hide() {
    clearTimeout(going);
    preview?.remove();
    shownFor?.removeAttribute("aria-describedby");
    preview = shownFor = undefined;
  }
  const stop = () => {
    clearTimeout(coming);
    turn++;
    hide();
  };
  /* A preview stays for a moment, in which the pointer can go to it; one that has not come yet is called off. */
  function leave() {
    clearTimeout(coming);
    clearTimeout(going);
    if (preview) going = setTimeout(stop, SLOW.leave);
    else turn++;
  }

  const previewable = (target) => {
    const link = target instanceof Element ? target.closest("a[href]") : null;
    const docname = link && !link.closest("nav, .mlw-nav") ? entryOf(link.href) : "";
    return docname && docname !== marks.here ? link : null;
  };
  const plan = (link, wait) => {
    clearTimeout(going);
    if (link === shownFor) return;
    clearTimeout(coming);
    coming = setTimeout(() => show(link), wait);
  };

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
    else if (shownFor && !shownFor.matches(":hover")) stop();
  });
  document.addEventListener("focusout", (event) => {
    if (previewable(event.target)) leave();
  });
  document.addEventListener("click", stop, true);
  window.addEventListener(
    "keydown",
    (event) => {
      if (event.key === "Escape" && !document.querySelector("dialog[open]")) stop();
    },
    true,
  );
})();
