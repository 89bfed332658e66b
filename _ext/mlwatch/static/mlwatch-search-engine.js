/* The search without its page: what a query finds, which records the facets leave, how a record is shown.

   Pagefind answers for words: which records have them and where. Everything else comes from columns that the build
   writes (core/searching.py): dates, facets, the name of each record's file. So a list without a query needs no index,
   counts are those of the whole result, and nothing grows with the square of the collection. */

/* Of the same version as this file: what stands after its name says which. */
export const { texts } = await import(`./mlwatch-search-text.js${new URL(import.meta.url).search}`);
const { Marked, addressKeys, bare, fold, variants } = await import(`./mlwatch-search-text.js${new URL(import.meta.url).search}`);

/* What is thrown where there is no connection: what was asked can be asked again. */
export class Unreachable extends Error {}

const plainFetch = window.fetch.bind(window);

/* Returns what stands at an address, whole. */
const get = async (url, options) => {
  let response, body;
  try {
    response = await plainFetch(url, options);
    body = await response.arrayBuffer();
  } catch (error) {
    throw new Unreachable(url, { cause: error });
  }
  if (!response.ok) throw new Error(`${response.status} ${url}`);
  return body;
};

const gunzip = async (body, skip = 0) => {
  let bytes = new Uint8Array(body);
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) {
    // Some servers have decompressed it already.
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  }
  return JSON.parse(new TextDecoder().decode(bytes.subarray(skip)));
};

/* Numbers come as a character each, from "0". */
const numbers = (given) => (typeof given === "string" ? Int32Array.from(given, (char) => char.charCodeAt(0) - 0x30) : given);

/* As Python's zlib.crc32 of the text in UTF-8. */
const crc32 = (text) => {
  let sum = -1;
  for (const byte of new TextEncoder().encode(text)) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
  }
  return ~sum >>> 0;
};

/* Pagefind looks for what stands in quotes as it is, and else for words that begin so, too. */
const quoted = (texts) => texts.map((text) => `"${text}"`);

const PART = "␞";
const ITEM = "␟";
const SPACE = "␣";
const HEAD = 12; // bytes before the JSON in a file of Pagefind

export const FACETS = ["topic", "star", "year", "source", "keyword", "venue", "published", "kind", "series", "has", "lang", "mine"];
/* Kinds of records that are no entries; each is a group of its own below them. */
const GROUPS = ["digest", "page"];
/* Each value of this one is a facet of its own: with paper and with code. */
const EACH = "has";

export class Engine {
  /* Reads what every search needs; `base` is the address of the folder, ending in a slash. With `soon` the index is
     loaded meanwhile, for there is a query. */
  static async open(base, soon) {
    const manifest = await get(`${base}mlwatch.json`, { cache: "no-cache" });
    const engine = new Engine(base, JSON.parse(new TextDecoder().decode(manifest)));
    if (soon) engine.pagefind().catch(() => {}); // who asks it is told
    const parts = ["columns", "ids"].map(async (name) => gunzip(await get(base + engine.manifest[name].file)));
    engine.fill(...(await Promise.all(parts)));
    return engine;
  }

  constructor(base, manifest) {
    this.base = base;
    this.manifest = manifest;
    this.count = manifest.count;
    this.run = new RegExp(`[${manifest.unspaced}]+`, "gu");
    this.isUnspaced = new RegExp(`^[${manifest.unspaced}]{1,2}$`, "u");
    this.common = new Set(manifest.common);
    this.aliases = manifest.aliases.map((names) => names.map((name) => name.split(/\s+/).map(bare).filter(Boolean)));
    this.cards = new Map();
  }

  fill({ dates, facets }, { prefix, width, joined, odd }) {
    this.facets = facets;
    for (const facet of Object.values(facets)) facet.of = numbers(facet.of);
    this.dates = dates.split("\n");
    this.dated = this.dates.indexOf("") < 0 ? this.count : this.dates.indexOf("");
    this.ids = [];
    for (let n = 0, at = 0; n < this.count; n++) {
      if (odd[n]) this.ids.push(odd[n]);
      else this.ids.push(prefix + joined.slice(at, (at += width)));
    }
    this.places = new Map(this.ids.map((id, n) => [id, n]));
    const { values, sets, of } = facets.kind;
    const groupOfSet = sets.map(([value]) => GROUPS.find((name) => name === values[value]) ?? "");
    this.groupOf = (number) => groupOfSet[of[number]];
  }

  /* Keywords are half of all columns in a large collection, and not every search asks for them. */
  loadKeywords() {
    this.keywords ??= (async () => {
      const { values, steps, prominent } = await gunzip(await get(this.base + this.manifest.keywords.file));
      const of = Array.from({ length: this.count }, () => []);
      steps.forEach((gaps, value) => {
        let number = 0;
        for (const gap of numbers(gaps)) of[(number += gap)].push(value);
      });
      this.facets.keyword = { values, prominent, sets: of, of: of.map((_, n) => n) };
    })().catch((error) => {
      this.keywords = null; // it can be asked for again
      throw error;
    });
    return this.keywords;
  }

  /* Which record is which entry: a checksum of its docname for each. */
  async sums() {
    this.entries ??= await gunzip(await get(this.base + this.manifest.entries.file));
    return this.entries;
  }

  /* Returns the records of the entries `docnames`, as far as there are such. */
  async numbersOf(docnames) {
    const sums = await this.sums();
    return new Map(docnames.map((docname) => [docname, sums.indexOf(crc32(docname))]).filter(([, number]) => number >= 0));
  }

  /* Makes a facet of the reader's own `marks` (docname to {read, star}); which record is which entry is loaded once. */
  async loadMine(marks) {
    const entries = await this.sums();
    const marked = new Map([...marks].map(([docname, mark]) => [crc32(docname), mark]));
    const of = entries.map((sum) => {
      const mark = marked.get(sum);
      return sum && 1 + Boolean(mark?.read) + 2 * Boolean(mark?.star);
    });
    this.facets.mine = { values: ["unread", "read", "star"], sets: [[], [0], [1], [0, 2], [1, 2]], of };
  }

  /* Returns Pagefind, ready to be asked; one that has lost a part of its index is replaced. */
  async pagefind() {
    this.loading ??= this.startPagefind().catch((error) => {
      this.loading = null;
      throw error;
    });
    return this.loading;
  }

  async startPagefind() {
    // Asked first, because Pagefind would tell nobody that it cannot load what it needs.
    const [{ createInstance }] = await Promise.all([this.importPagefind(), get(`${this.base}pagefind-entry.json`, { cache: "no-store" })]);
    this.watch();
    // Pagefind takes the page's language, and cuts queries in some by a dictionary; ours are cut already.
    const page = document.documentElement;
    const lang = page.lang;
    page.lang = this.manifest.language;
    // In this thread: the worker would be another 40 KB, and what it does takes milliseconds.
    const instance = createInstance({ noWorker: true, ranking: { metaWeights: { title: 5, keywords: 3, source: 2 } } });
    page.lang = lang;
    this.current = { instance, lost: null };
    return this.current;
  }

  /* A browser may remember that a script could not be loaded, so each further attempt has an address of its own. */
  async importPagefind() {
    try {
      return await import(`${this.base}pagefind.js${this.failures ? `?again=${this.failures}` : ""}`);
    } catch (error) {
      this.failures = (this.failures ?? 0) + 1;
      throw new Unreachable("pagefind.js", { cause: error });
    }
  }

  /* Pagefind passes over a part of its index that it cannot load, and would then find nothing in it for ever. So what it
     fetches is watched, and one that has lost a part is asked no more. */
  watch() {
    window.fetch = async (url, options) => {
      const address = new URL(url?.url ?? url, location.href).href;
      if (!address.startsWith(this.base)) return plainFetch(url, options);
      try {
        return new Response(await get(address, options));
      } catch (error) {
        if (this.current) this.current.lost = error;
        throw error;
      }
    };
  }

  /* Returns what `query` finds: a map from record to {score, places, whole}, the runs to mark, the words that were looked
     for, other `spellings` of them, and whether these are `only` words. An empty query finds everything: null. */
  async find(query) {
    const exact = await this.findAddress(query);
    if (exact.size) return { hits: exact, runs: [], words: [], spellings: [] };
    const { words, phrases, runs, not } = this.parse(query);
    const asked = words.length || phrases.length || runs.length;
    if (!asked && !not.length) return { hits: null, runs: [], words: [], spellings: [] };
    if (!this.count) return { hits: new Map(), runs: [], words: [], spellings: [] };
    const spellings = words.length ? this.spellings(words) : [];
    const parts = [];
    if (words.length) parts.push(this.askWords(spellings));
    for (const phrase of phrases) parts.push(this.ask(quoted(variants(phrase, this.manifest))));
    const marked = [];
    for (const run of runs) parts.push(this.askRun(run, marked));
    const found = await Promise.all(parts);
    let hits = found[0] ?? new Map(this.ids.map((_, number) => [number, { score: 0, places: [] }]));
    for (const other of found.slice(1)) {
      const both = new Map();
      for (const [number, hit] of hits) {
        const more = other.get(number);
        if (more) both.set(number, { ...hit, score: hit.score + more.score, places: [...hit.places, ...more.places] });
      }
      hits = both;
    }
    for (const word of not) {
      const without = await (this.run.test(word) ? this.askExact(word) : this.ask(quoted(variants([word], this.manifest))));
      this.run.lastIndex = 0;
      for (const number of without.keys()) hits.delete(number);
    }
    return { hits, runs: marked, words, spellings, only: Boolean(words.length) && !phrases.length && !runs.length };
  }

  /* Finds what has the arXiv identifier, DOI or address that is typed. */
  async findAddress(query) {
    const keys = addressKeys(query);
    if (!keys.length) return new Map();
    this.addresses ??= await gunzip(await get(this.base + this.manifest.addresses.file));
    const { sums, of } = this.addresses;
    const wanted = new Set(keys.map(crc32));
    const found = new Map();
    sums.forEach((sum, at) => {
      if (wanted.has(sum)) found.set(of[at], { score: 1, places: [] });
    });
    return found;
  }

  /* Returns `words`, and them with one keyword's spelling in place of another. */
  spellings(words) {
    const all = [words];
    for (const names of this.aliases) {
      for (const name of names) {
        const at = words.findIndex((_, from) => name.length && name.every((word, n) => words[from + n] === word));
        if (at < 0) continue;
        for (const other of names) {
          if (other === name) continue;
          const spelling = [...words.slice(0, at), ...other, ...words.slice(at + name.length)];
          spelling.phrase = name.length === words.length; // its words say the same only together
          all.push(spelling);
        }
      }
    }
    const seen = new Map(all.map((spelling) => [spelling.join(" "), spelling]));
    return [...seen.values()].slice(0, 8);
  }

  /* Asks for words in each of their spellings; what has them whole goes before what has words that begin like them. */
  async askWords(spellings) {
    const texts = (words) => (words.phrase ? quoted(variants(words, this.manifest)) : variants(words, this.manifest));
    const found = await this.ask(spellings.flatMap(texts));
    for (const words of spellings) {
      const exact = await Promise.all(words.slice(0, 8).map((word) => this.ask(quoted(variants([word], this.manifest)))));
      for (const [number, hit] of found) if (exact.every((hits) => hits.has(number))) hit.whole = true;
    }
    return found;
  }

  /* Parts a query into words, "phrases", runs of a script without spaces, and what must not be there: -word. */
  parse(query) {
    let words = [];
    const phrases = [];
    const runs = [];
    const not = [];
    for (const [, phrase, plain] of query.normalize("NFKC").matchAll(/"([^"]*)"|([^\s"]+)/g)) {
      if (plain && /^-[\p{L}\p{N}]/u.test(plain)) {
        not.push(bare(plain));
        continue;
      }
      const text = phrase ?? plain;
      runs.push(...(text.match(this.run) ?? []));
      const rest = text.replace(this.run, " ").split(/\s+/).map(bare).filter(Boolean);
      if (phrase !== undefined && rest.length > 1) phrases.push(rest);
      else words.push(...rest);
    }
    const rare = words.filter((word) => !this.common.has(word));
    if (rare.length || phrases.length || runs.length) words = rare;
    return { words, phrases, runs, not };
  }

  /* Asks Pagefind for each of `texts`; a record that one of them finds is found. */
  async ask(texts) {
    const pagefind = await this.pagefind();
    const found = new Map();
    for (const text of texts) {
      const answer = await pagefind.instance.search(text).catch((error) => (pagefind.lost ??= error));
      if (pagefind.lost) {
        if (this.current === pagefind) this.loading = null;
        throw pagefind.lost;
      }
      for (const { id, score, words } of answer.results) {
        const number = this.places.get(id);
        if (number === undefined) continue;
        const hit = found.get(number);
        if (hit) hit.places.push(...words);
        else found.set(number, { score, places: words });
        if (hit && score > hit.score) hit.score = score;
      }
    }
    return found;
  }

  /* Finds a run as it stands; where it stands nowhere, its words apart. */
  async askRun(run, marked) {
    const asWritten = await this.askExact(run);
    if (asWritten.size || typeof Intl.Segmenter === "undefined") {
      marked.push(run);
      return asWritten;
    }
    const cut = [...new Intl.Segmenter("zh", { granularity: "word" }).segment(run)].map((part) => part.segment);
    if (cut.length < 2) return asWritten;
    let all = null;
    for (const part of cut) {
      const found = await this.askExact(part);
      if (all) for (const number of all.keys()) if (!found.has(number)) all.delete(number);
      if (all) for (const [number, hit] of all) hit.score += found.get(number).score;
      all ??= found;
    }
    marked.push(...cut);
    return all;
  }

  async askExact(run) {
    const pairs = [...run].map((char, at, all) => char + (all[at + 1] ?? "")).slice(0, -1);
    const found = await this.ask([pairs.length ? `"${pairs.join(" ")}"` : run]);
    // An early place counts more: the title comes first.
    for (const hit of found.values()) {
      hit.score = 6 / (1 + Math.min(...hit.places, 200) / 20);
      hit.places = [];
    }
    return found;
  }

  /* Pagefind passes over a word that it does not know, or takes the longest beginning of it that it knows. All that is
     found has all other words, so one record tells which these are. */
  async missing({ words, spellings, hits }) {
    if (!words.length || !hits.size) return [];
    let best = null;
    for (const [number, hit] of hits) if (best === null || hit.score > hits.get(best).score) best = number;
    const { content, meta } = await this.fragment(best);
    const text = [content, meta.title, meta.keywords, meta.source].join(" ");
    const there = new Set(fold(text).match(/[\p{L}\p{N}+#]+/gu));
    for (const token of text.split(/\s+/)) there.add(fold(bare(token).replace(/[^\p{L}\p{N}\p{M}+#]/gu, "")));
    const stands = (word) => {
      const least = word.length < 4 ? word.length : Math.ceil(word.length / 2);
      const start = word.slice(0, least);
      for (const other of there) if (other.startsWith(start)) return true;
      return false;
    };
    const lacks = (word) => !variants([word], this.manifest).some((text) => text.split(" ").some((part) => stands(fold(part))));
    return spellings.some((spelling) => !spelling.some(lacks)) ? [] : words.filter(lacks);
  }

  /* Returns the records that `choice` (facet to values) leaves of `hits`, in order, and how many have each value. Those that
     are no entries are in `groups`, unless a kind is chosen, and count as values of the kind alone. The counts of a facet are those that it has without its own choice, so that one sees what another value would give. */
  select(hits, choice, sort) {
    const names = FACETS.filter((name) => this.facets[name]);
    const tests = [];
    for (const name of names) {
      const { values, sets } = this.facets[name];
      const wanted = (choice[name] ?? []).map((value) => values.indexOf(value));
      if (!wanted.length) continue;
      const all = name === EACH;
      const fits = sets.map((set) => (all ? wanted.every((v) => set.includes(v)) : wanted.some((v) => set.includes(v))));
      tests.push([name, this.facets[name].of, fits]);
    }
    const counts = Object.fromEntries(names.map((name) => [name, new Int32Array(this.facets[name].values.length)]));
    const perSet = Object.fromEntries(names.map((name) => [name, new Int32Array(this.facets[name].sets.length)]));
    const left = [];
    const groups = Object.fromEntries(GROUPS.map((name) => [name, []]));
    const apart = !choice.kind;
    for (const number of hits ? hits.keys() : this.ids.keys()) {
      const group = apart && this.groupOf(number);
      let failed = "";
      let failures = 0;
      for (const [name, of, fits] of tests) {
        if (!fits[of[number]]) {
          failures++;
          failed = name;
        }
      }
      if (group) {
        if (failures) continue;
        groups[group].push(number);
        perSet.kind[this.facets.kind.of[number]]++;
      } else if (failures === 0) {
        left.push(number);
        for (const name of names) perSet[name][this.facets[name].of[number]]++;
      } else if (failures === 1 && failed !== EACH) {
        perSet[failed][this.facets[failed].of[number]]++;
      }
    }
    for (const name of names) {
      this.facets[name].sets.forEach((set, i) => {
        const count = perSet[name][i];
        if (count) for (const value of set) counts[name][value] += count;
      });
    }
    const scored = hits && sort === "relevance";
    // Numbers run from the newest record to the oldest, those without a date last.
    const age = (n) => (sort === "oldest" && n < this.dated ? this.dated - 1 - n : n);
    const better = (a, b) => Boolean(b.whole) - Boolean(a.whole) || b.score - a.score;
    const order = scored ? (a, b) => better(hits.get(a), hits.get(b)) || a - b : (a, b) => age(a) - age(b);
    for (const numbers of [left, ...Object.values(groups)]) numbers.sort(order);
    return { numbers: left, counts, groups };
  }

  /* Returns the values of a facet that a record has. */
  valuesOf(name, number) {
    const facet = this.facets[name];
    return facet ? facet.sets[facet.of[number]].map((value) => facet.values[value]) : [];
  }

  fragment(number) {
    if (!this.cards.has(number)) {
      const loading = get(`${this.base}fragment/${this.ids[number]}.pf_fragment`).then((body) => gunzip(body, HEAD));
      loading.catch(() => this.cards.delete(number));
      this.cards.set(number, loading);
    }
    return this.cards.get(number);
  }

  /* Returns a record as a list shows it; title, passage and items are lists of [text, marked]. */
  async card(number, hit, { runs = [], spellings = [] } = {}) {
    const { url, content, meta } = await this.fragment(number);
    const places = new Set(hit?.places);
    const parts = [[]];
    content.split(/\s+/).forEach((token, place) => {
      if (token === PART) parts.push([]);
      else parts[parts.length - 1].push([token, places.has(place)]);
    });
    const starts = spellings.flat().flatMap((word) => fold(word).split(/[^\p{L}\p{N}\p{M}+#]+/u)).filter(Boolean);
    const [title, passage, also] = parts.map((part) => this.marked(part, runs, starts));
    const items = hit && also.marks.length ? also.split(ITEM).filter((item) => item.marks.length) : [];
    return {
      number,
      url: new URL(`../${url}`, this.base).href,
      title: title.cut(0, Infinity),
      lang: meta.language ?? "",
      passage: passage.window(280),
      items: items.slice(0, 3).map((item) => item.window(120)),
      keywords: meta.keywords ? meta.keywords.split("\n") : [],
      source: meta.source ?? "",
      date: this.dates[number],
      kind: this.valuesOf("kind", number)[0],
      star: Number(this.valuesOf("star", number)[0] ?? 0),
    };
  }

  /* Returns the parts of a token between two places that begin as one of `starts` does, as pairs: of "Self-Supervised" and
     "vision" none. What a query's form has in common with another one is its beginning. */
  partsOf(token, from, end, starts) {
    if (!starts.length) return [[from, end]];
    const begins = (part) => starts.some((start) => part.startsWith(start.slice(0, 2)));
    const plain = (part) => fold([...part.toLowerCase()].map((char) => this.manifest.letters[char] ?? char).join(""));
    const found = [...token.slice(from, end).matchAll(/[\p{L}\p{N}\p{M}+#]+/gu)].filter(([part]) => begins(plain(part)));
    return found.map(({ 0: part, index }) => [from + index, from + index + part.length]);
  }

  /* Puts words together again as they stood in the text; what begins as one of `starts` does is marked where it was found. */
  marked(tokens, runs, starts) {
    let text = "";
    const marks = [];
    let glued = true;
    for (const [token, isMarked] of tokens) {
      if (token === SPACE) {
        text += " ";
        glued = true;
        continue;
      }
      const unspaced = this.isUnspaced.test(token);
      const mark = unspaced || /^[\u3000-\u303f\u30fb\uff01-\uff65]$/.test(token);
      if (!glued && !mark) text += " ";
      const shown = unspaced ? String.fromCodePoint(token.codePointAt(0)) : token;
      if (isMarked && !unspaced) {
        const from = token.search(/[\p{L}\p{N}]/u);
        const end = token.length - token.match(/[^\p{L}\p{N}]*$/u)[0].length;
        if (from >= 0) marks.push(...this.partsOf(token, from, end, starts).map((ends) => ends.map((at) => text.length + at)));
      }
      text += shown;
      glued = mark;
    }
    for (const run of runs) {
      for (let at = text.indexOf(run); at >= 0; at = text.indexOf(run, at + run.length)) marks.push([at, at + run.length]);
    }
    return new Marked(text, marks.sort((a, b) => a[0] - b[0]));
  }
}
