/* Words and texts of the search: how a query may be written, and where in a text it was found. */

/* A text and the places in it that a query found. */
export class Marked {
  constructor(text, marks) {
    this.text = text;
    this.marks = marks;
  }

  split(separator) {
    const out = [];
    let at = 0;
    for (const part of this.text.split(separator)) {
      const end = at + part.length;
      const inside = this.marks.filter(([from, to]) => from >= at && to <= end);
      out.push(new Marked(part, inside.map(([from, to]) => [from - at, to - at])));
      at = end + separator.length;
    }
    return out;
  }

  cut(from, to) {
    const out = [];
    let at = from;
    for (const [start, end] of this.marks) {
      if (start < at || end > to) continue;
      if (start > at) out.push([this.text.slice(at, start), false]);
      out.push([this.text.slice(start, end), true]);
      at = end;
    }
    const rest = this.text.slice(at, to);
    if (rest) out.push([rest, false]);
    return out;
  }

  /* Returns about `size` characters in which most marks stand. */
  window(size) {
    const { text, marks } = this;
    let from = 0;
    let most = 0;
    for (let first = 0, last = 0; first < marks.length; first++) {
      while (last < marks.length && marks[last][1] <= marks[first][0] + size * 0.75) last++;
      if (last - first > most) {
        most = last - first;
        from = marks[first][0] - size / 4;
      }
    }
    if (from <= 0 || text.length <= size) from = 0;
    else from = text.lastIndexOf(" ", from) < from - 30 ? Math.floor(from) : text.lastIndexOf(" ", from) + 1;
    let to = Math.min(text.length, from + size);
    if (to < text.length && text.lastIndexOf(" ", to) > to - 30) to = text.lastIndexOf(" ", to);
    // Never through the middle of a character of two units.
    if (/[\udc00-\udfff]/.test(text[from] ?? "")) from--;
    if (/[\ud800-\udbff]/.test(text[to - 1] ?? "")) to--;
    const out = this.cut(from, to);
    if (from > 0) out.unshift(["… ", false]);
    if (to < text.length) out.push([" …", false]);
    return out;
  }
}

/* Takes off what is no part of a word, at its ends. */
export const bare = (word) => word.toLowerCase().replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}\p{M}+#]+$/gu, "");

export const fold = (text) => text.normalize("NFKC").toLowerCase().normalize("NFD").replace(/\p{M}/gu, "");

/* Returns how words may be written in the index: compounds as one word and as several, a number after a word as part of
   it (GPT 3), letters with dots also spelled out. */
export const variants = (words, { letters, dotted }) => {
  const spell = (text, table) => text.replace(/./gu, (char) => table[char] ?? char);
  const inside = /[^\p{L}\p{N}\p{M}+#]+/gu;
  const out = new Set();
  const [joined, apart] = ["", " "].map((between) => words.map((word) => word.replace(inside, between)).join(" "));
  for (const text of [joined, apart, apart.replace(/(?<=\p{L}) (?=\p{N})/gu, "")]) {
    const plain = spell(text.normalize("NFC"), letters);
    out.add(plain).add(spell(plain, dotted));
  }
  return [...out];
};

const ARXIV = /^(?:arxiv:\s*|(?:https?:\/\/)?(?:www\.|export\.)?arxiv\.org\/(?:abs|pdf|html)\/)?(\d{4}\.\d{4,5}|[a-z-]+(?:\.[a-z]{2})?\/\d{7})(?:v\d+)?(?:\.pdf)?\/?$/i;
const DOI = /^(?:doi:\s*|(?:https?:\/\/)?(?:dx\.)?doi\.org\/)?(10\.\d{4,9}\/\S+?)\/?$/i;

/* Returns the keys under which the index has what is typed, if that is an arXiv identifier, a DOI or an address
   (core/searching.py, `address_keys`). */
export const addressKeys = (typed) => {
  const text = typed.trim();
  if (/\s/.test(text.replace(/^(?:arxiv|doi):\s*/i, ""))) return [];
  const [, arxiv] = text.match(ARXIV) ?? [];
  if (arxiv) return [`arxiv:${arxiv.toLowerCase()}`];
  const [, doi] = text.match(DOI) ?? [];
  if (doi) return [`doi:${doi.toLowerCase()}`, `arxiv:${doi.toLowerCase().replace("10.48550/arxiv.", "")}`];
  if (!/^https?:\/\/|^[\w-]+(?:\.[\w-]+)+\//i.test(text)) return [];
  const whole = text.replace(/^https?:\/\/(?:www\.)?|^www\./i, "").replace(/#.*$/, "").replace(/\/+$/, "").toLowerCase();
  return [...new Set([whole, whole.replace(/\?.*$/, "").replace(/\/+$/, "")])];
};

const DAY = 24 * 60 * 60 * 1000;

/* Returns the first and the last day of a week. By ISO 8601 weeks begin on Monday and the first has January 4; by "us" they
   begin on Sunday, the first has January 1, and the year's ends cut them. */
const weekDays = (year, week, rule) => {
  const american = rule === "us";
  const known = Date.UTC(year, 0, american ? 1 : 4); // a day of the first week
  const fromItsStart = (new Date(known).getUTCDay() + (american ? 0 : 6)) % 7;
  const first = known + (7 * (week - 1) - fromItsStart) * DAY;
  const last = first + 6 * DAY;
  return american ? [Math.max(first, known), Math.min(last, Date.UTC(year, 11, 31))] : [first, last];
};

/* Returns how dates and values are shown in the language of the page, as the pages have it; `words` are its texts. */
export const texts = (words, { lang, english, weeks, fill }) => {
  const formatted = (day, style) => new Intl.DateTimeFormat(english ? "en-US" : lang, { ...style, timeZone: "UTC" }).format(day);

  const daysText = (first, last) => {
    const [start, end] = [first, last].map((day) => formatted(day, { month: "short", day: "numeric" }));
    const [from, to] = [first, last].map((day) => new Date(day));
    if (from.getUTCFullYear() !== to.getUTCFullYear()) return `${start}, ${from.getUTCFullYear()} – ${end}, ${to.getUTCFullYear()}`;
    if (first === last) return `${start}, ${to.getUTCFullYear()}`;
    if (from.getUTCMonth() !== to.getUTCMonth()) return `${start} – ${end}, ${to.getUTCFullYear()}`;
    return `${start}–${to.getUTCDate()}, ${to.getUTCFullYear()}`;
  };

  const dateText = (label) => {
    const week = label.match(/^(\d{4})-W0?(\d+)$/);
    if (week && english) return daysText(...weekDays(Number(week[1]), Number(week[2]), weeks));
    if (week) return fill(words.week, { year: week[1], week: week[2] });
    const [year, month, day] = label.split("-").map(Number);
    const style = { year: "numeric", month: month && (english && day ? "short" : "long"), day: day && "numeric" };
    return formatted(Date.UTC(year, (month || 1) - 1, day || 1), style);
  };

  const valueText = (facet, value) => {
    if (facet === "star") return "★".repeat(Number(value));
    if (facet === "kind") return words.kinds[value] ?? value;
    if (facet === "has") return words.has[value] ?? value;
    if (facet === "mine") return words.mine[value] ?? value;
    if (facet === "lang") {
      try {
        return new Intl.DisplayNames([lang], { type: "language" }).of(value);
      } catch {
        return value;
      }
    }
    return value;
  };

  return { dateText, valueText };
};
