"""A made-up collection of any size: realistic in its proportions, the same for the same seed.

Keywords and sources follow Zipf's law, their number grows with the square root of the collection (Heaps'
law); dates run over twelve years; every entry cites one or two of ``size / 2`` BibTeX records. Nothing of
ML Watch is imported, so that the other tools of the benchmark get the same entries.
"""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Final

from bs4 import BeautifulSoup  # the theme brings it

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ROOT: Final = Path(__file__).resolve().parent.parent
SEED: Final = 2019
FIRST_YEAR: Final = 2014
YEARS: Final = 12

# Words for titles, keywords and prose. The sentences mean nothing in particular; they have the lengths of real ones.
TOPICS: Final = (
    "attention alignment calibration captioning clustering compression denoising detection diffusion "
    "distillation embedding evaluation forecasting generation grounding inference interpretability localisation "
    "matching memory optimisation parsing planning pretraining pruning quantisation ranking reasoning recognition "
    "reconstruction regularisation retrieval routing sampling scheduling search segmentation summarisation tracking translation"
).split()
FIELDS: Final = (
    "action audio causal chemical climate code contrastive cross-lingual document dynamic echo embodied federated "
    "few-shot geometric graph hierarchical image knowledge language long-context medical molecular motion multimodal "
    "music neural online point-cloud protein robotic satellite scene self-supervised sparse speech symbolic tabular text "
    "traffic video visual weak zero-shot"
).split()
CHINESE_WORDS: Final = (
    "机器学习",
    "自然语言处理",
    "图神经网络",
    "强化学习",
    "计算机视觉",
    "语音识别",
    "推荐系统",
    "知识图谱",
    "迁移学习",
    "大模型",
)
PLAIN_KEYWORDS: Final = ("C", "C++", "C#", ".NET", "GPT-2", "R")
PUBLISHERS: Final = (
    "Northern Lights Lab,Tensor Weekly,Blue Heron Research,Gradient Post,Inference Letters,Harbour AI,Open Corpus,"
    "The Sparse Review,Kestrel Institute,Model Zoo News,Lantern,Deep Field,Cobalt Systems,Quiet Weights,机器之友,智识周报"
).split(",")
ACTORS: Final = (
    "the authors,this post,the paper,a small team,the release,the benchmark,their model,the second part,"
    "an earlier study,the appendix,the talk,one of the reviewers,the data set,the demo,this approach"
).split(",")
ACTS: Final = (
    "shows,argues,measures,confirms,doubts,explains,reports,suggests,admits,demonstrates,repeats,finds,claims,notes"
).split(",")
QUALITIES: Final = (
    "careful,cheap,deep,early,even,frozen,honest,large,lean,noisy,plain,robust,shallow,short,slow,small,stable,steep,wide"
).split(",")
THINGS: Final = (
    "ablation,baseline,batch,corpus,curve,decoder,encoder,error,feature,figure,gain,gradient,head,label,layer,"
    "loss,margin,metric,network,objective,parameter,prior,prompt,sample,score,seed,signal,table,token,training run,window"
).split(",")
DOINGS: Final = (
    "beats,bounds,carries,costs,explains,fits,follows,hides,improves,needs,outlives,predicts,replaces,saves,shapes,spoils"
).split(",")
ENDINGS: Final = (
    "on every task that was tried,at a tenth of the cost,once the labels are cleaned,with one exception,in most of the runs,"
    "even without fine-tuning,for the longer sequences,when memory is short,as the first figure shows,on held-out data,"
    "though the gap is small,and nobody knows why yet,before the schedule decays,under a fixed budget"
).split(",")
CHINESE_SENTENCES: Final = (
    "这篇文章比较了几种方法，并说明了各自的局限。",
    "作者公开了代码和数据，方便其他人重复实验。",
    "结果说明，数据的质量比模型的规模更重要。",
)
SURNAMES: Final = "Abel Brandt Castro Dahl Eriksen Fontaine Grau Haddad Ito Jansen Kovacs Lin Moreau Novak Okafor Park Quinn Rossi Sato Tan".split()
GIVEN: Final = (
    "Ada Boris Chen Dora Emil Fay Goran Hana Ines Jun Kai Lena Mira Nils Olga Pia Ravi Sara Tom Yuki".split()
)
AKIRA_SECTIONS: Final = ("papers", "articles", "use-cases", "other")
DIGEST_SECTIONS: Final = ("speech", "vision", "general", "nlp")


@dataclass(frozen=True, slots=True)
class Article:
    """An entry before it is written in one tool's form; ``options`` are those of ``mlentry``, in their order."""

    number: int
    slug: str
    year: str
    title: str
    source: str
    day: str
    keywords: tuple[str, ...]
    cites: tuple[str, ...]
    options: tuple[tuple[str, str], ...]
    summary: str
    comment: str

    @property
    def name(self) -> str:
        """Return the path of the page below ``docs/entries``, without its ending."""
        return f"{self.year or 'undated'}/{self.slug}"

    @property
    def body(self) -> str:
        """Return the text below the facts: 120 words or so of Markdown."""
        comment = f"\n## Comment\n\n{self.comment}\n" if self.comment else ""
        return f"## Summary\n\n{self.summary}\n{comment}"

    def page(self, *, citations: bool = True) -> str:
        """Return the page as ML Watch has it."""
        facts = [
            ("source", self.source),
            *([("date", self.day)] if self.day else []),
            ("keywords", ", ".join(self.keywords)),
            *self.options,
            *([("cite", ", ".join(self.cites))] if citations else []),
        ]
        block = "".join(f":{name}: {value}".rstrip() + "\n" for name, value in facts)
        text = f"# {self.title}\n\n```{{mlentry}}\n{block}```\n\n{self.body}"
        return text if citations else re.sub(r"\{cite\}`([^`]+)`", r"\1", text)


@dataclass(frozen=True)
class Collection:
    """Articles and the BibTeX records that they cite."""

    articles: tuple[Article, ...]
    records: tuple[str, ...]

    @property
    def bib(self) -> str:
        """Return the text of ``refs.bib``."""
        return "\n".join(self.records)


def make(size: int, seed: int = SEED) -> Collection:
    """Return a collection of *size* entries; the same for the same *size* and *seed*."""
    random = Random(seed)
    keys, records = _records(max(1, size // 2), random)
    writer = _Writer(size, keys, random)
    return Collection(tuple(writer.article(number) for number in range(size)), records)


class _Zipf:
    """Draws from a list so that the n-th thing comes about 1/n as often as the first."""

    def __init__(self, things: Sequence[str], random: Random) -> None:
        self._things = things
        self._weights = list(accumulate(1 / (rank + 1) for rank in range(len(things))))
        self._random = random

    def draw(self, count: int = 1) -> list[str]:
        return list(dict.fromkeys(self._random.choices(self._things, cum_weights=self._weights, k=count)))


class _Writer:
    def __init__(self, size: int, keys: Sequence[str], random: Random) -> None:
        self._random = random
        self._keys = keys
        names = [f"{field} {topic}" for field in FIELDS for topic in TOPICS]
        random.shuffle(names)
        wanted = min(len(names), round(12 * size**0.5))
        mixed = [*names[: wanted // 2], *PLAIN_KEYWORDS, *names[wanted // 2 : wanted]]
        for place, word in enumerate(CHINESE_WORDS):  # among the frequent ones as well as the rare
            mixed.insert((place + 1) * len(mixed) // len(CHINESE_WORDS) - 3, word)
        self._keywords = _Zipf(mixed, random)
        more = [
            f"{word.capitalize()} {last}" for last in ("Lab", "Notes", "Group", "Journal") for word in THINGS
        ]
        random.shuffle(more)
        self._sources = _Zipf([*PUBLISHERS, *more[: round(2 * size**0.5)]], random)
        self._links: list[str] = []

    def article(self, number: int) -> Article:
        random = self._random
        day, first = self._date()
        chinese = random.random() < 0.06
        english = self._title(number)
        title = (
            f"{random.choice(CHINESE_WORDS)}：{random.choice(CHINESE_WORDS)}的新方法（{number}）"
            if chinese
            else english
        )
        url = f"https://{random.choice(TOPICS)}.example.org/{first.year}/{first.month:02}/{number:05}"
        self._links.append(url)
        options = [("url", url), *(([("lang", "zh"), ("alt-title", english)]) if chinese else [])]
        options += self._marks(first)
        options += self._more_links(number)
        cites = dict.fromkeys([self._keys[number // 2 % len(self._keys)]])
        if random.random() < 0.3:
            cites[random.choice(self._keys)] = None
        comment = self._prose(2) if random.random() < 0.7 else ""
        slug = re.sub(r"[^a-z0-9]+", "-", english.casefold()).strip("-")[:60]
        return Article(
            number=number,
            slug=f"{slug}-{number}",
            year=day[:4],
            title=title,
            source=self._sources.draw()[0],
            day=day,
            keywords=tuple(self._keywords.draw(random.randint(2, 5))),
            cites=tuple(cites),
            options=tuple(options),
            summary=self._summary(next(iter(cites)) if number % 12 == 5 else ""),
            comment=comment,
        )

    def _date(self) -> tuple[str, date]:
        """Return a date as written (three quarters days, then months, a few years and none), more of late."""
        random = self._random
        offset = int(YEARS * 365.2 * random.random() ** 0.7)
        first = date(FIRST_YEAR, 1, 1) + timedelta(days=offset)
        kind = random.random()
        if kind < 0.75:
            return first.isoformat(), first
        if kind < 0.95:
            return f"{first:%Y-%m}", first
        return (f"{first:%Y}", first) if kind < 0.98 else ("", first)

    def _title(self, number: int) -> str:
        random = self._random
        field, topic, thing, quality = (random.choice(words) for words in (FIELDS, TOPICS, THINGS, QUALITIES))
        forms = (
            f"{quality} {field} {topic} with a single {thing}",
            f"Towards {quality} {topic}: {field} models and their {thing}",
            f"{field} {topic} needs no {quality} {thing}",
            f"What a {quality} {thing} tells about {field} {topic}",
        )
        text = random.choice(forms)
        return (
            f"{text[0].upper()}{text[1:]}, part {number % 97}"
            if number % 5 == 0
            else text[0].upper() + text[1:]
        )

    def _marks(self, first: date) -> Iterator[tuple[str, str]]:
        random = self._random
        if random.random() < 0.12:
            yield "star", random.choice(("", "", "2", "3"))
        kind = random.random()
        if kind < 0.3:
            yield "kind", random.choice(("paper", "paper", "thread", "talk", "tool", "note"))
        if random.random() < 0.2:
            yield "authors", ", ".join(_people(random, 2))
        if random.random() < 0.08:
            yield "status", random.choice(("to-read", "reading", "read"))
        series = random.random()
        if series < 0.3:
            week = min(52, first.timetuple().tm_yday // 7 + 1)
            yield "digest", f"akira {first.year}-W{week:02}"
            yield "section", random.choice(AKIRA_SECTIONS)
            if random.random() < 0.2:
                yield "pick", ""
        elif series < 0.4:
            yield "digest", f"ds-ml {first.year}-{(first.timetuple().tm_yday - 1) // 19 + 1:02}"
            yield "section", random.choice(DIGEST_SECTIONS)

    def _more_links(self, number: int) -> Iterator[tuple[str, str]]:
        random = self._random
        topic = random.choice(TOPICS)
        if random.random() < 0.4:
            yield (
                "paper",
                f"[{topic.capitalize()}Net](https://arxiv.org/abs/{14 + number % 12}{number % 12 + 1:02}.{number:05})",
            )
        if random.random() < 0.35:
            yield (
                "code",
                f"https://github.com/example-{random.choice(THINGS).replace(' ', '-')}/{topic}-{number}",
            )
        for rel, chance in (
            ("project", 0.1),
            ("video", 0.08),
            ("slides", 0.05),
            ("data", 0.05),
            ("discussion", 0.08),
        ):
            if random.random() < chance:
                yield rel, f"[{rel} of {topic}](https://{rel}.example.org/{number})"
        if random.random() < 0.1:
            # Half of the other coverage is itself in the collection.
            known = random.choice(self._links)
            yield (
                "also",
                known if random.random() < 0.5 and number else f"https://mirror.example.net/{number}",
            )

    def _summary(self, key: str) -> str:
        """Return five to seven sentences; some have markup, some are Chinese; it cites *key* when that is not empty."""
        random = self._random
        text = self._prose(random.randint(5, 7))
        extra = random.random()
        if key:
            text += f" {{cite}}`{key}` has the details."
        elif extra < 0.16:
            text += f" {random.choice(CHINESE_SENTENCES)}"
        elif extra < 0.4:
            text += f" See *{random.choice(TOPICS)}* and `{random.choice(THINGS).replace(' ', '_')}` [there](https://notes.example.org/{random.randint(1, 9999)})."
        elif extra < 0.5:
            text += "\n\n" + "\n".join(f"- {self._sentence()}" for _ in range(2))
        return text

    def _prose(self, sentences: int) -> str:
        return " ".join(self._sentence() for _ in range(sentences))

    def _sentence(self) -> str:
        pick = self._random.choice
        text = (
            f"{pick(ACTORS)} {pick(ACTS)} that a {pick(QUALITIES)} {pick(THINGS)} {pick(DOINGS)} "
            f"the {pick(QUALITIES)} {pick(THINGS)} {pick(ENDINGS)}."
        )
        return text[0].upper() + text[1:]


def _people(random: Random, most: int) -> list[str]:
    return [f"{random.choice(GIVEN)} {random.choice(SURNAMES)}" for _ in range(random.randint(1, most))]


def _records(count: int, random: Random) -> tuple[list[str], tuple[str, ...]]:
    keys, records = [], []
    for number in range(count):
        year = FIRST_YEAR + number % YEARS
        field, topic = random.choice(FIELDS), random.choice(TOPICS)
        people = _people(random, 5)
        key = f"{people[0].split()[1].lower()}{year}{topic[:8]}{number}"
        paper = random.random() < 0.6
        kind, place = ("inproceedings", "booktitle") if paper else ("article", "journal")
        keys.append(key)
        records.append(
            f"@{kind}{{{key},\n"
            f"  author = {{{' and '.join(people)}}},\n"
            f"  title = {{{field.capitalize()} {topic} and the {random.choice(QUALITIES)} {random.choice(THINGS)}}},\n"
            f"  {place} = {{{'Conference' if paper else 'Journal'} of {field.capitalize()} Systems}},\n"
            f"  year = {{{year}}},\n"
            f"  url = {{https://doi.org/10.5555/{number}}}\n"
            "}\n"
        )
    return keys, tuple(records)


# --- Edits ---------------------------------------------------------------------------------------------------------


def edit_body(article: Article, turn: int) -> Article:
    """Return *article* with one more sentence at its end."""
    more = f"One more look, number {turn}, changes little."
    if article.comment:
        return replace(article, comment=f"{article.comment} {more}")
    return replace(article, summary=f"{article.summary}\n\n{more}")


def edit_title(article: Article, turn: int) -> Article:
    """Return *article* with another title."""
    return replace(article, title=f"{article.title}, revised {turn}")


def edit_keywords(article: Article, turn: int) -> Article:
    """Return *article* with its first keyword exchanged for one that other entries have, or back."""
    other = CHINESE_WORDS[turn % 2]
    return replace(article, keywords=tuple(dict.fromkeys((other, *article.keywords[1:]))))


def another(article: Article, turn: int) -> Article:
    """Return a new entry of the same time as *article*."""
    number = 90_000 + turn
    options = tuple(
        (name, f"https://added.example.org/{number}" if name == "url" else value)
        for name, value in article.options
    )
    return replace(
        article,
        number=number,
        slug=f"{article.slug}-added-{turn}",
        title=f"{article.title}, another {turn}",
        options=options,
    )


# --- Writing -------------------------------------------------------------------------------------------------------

_BLOCK = re.compile(r"^(`{3,}|:{3,})\{mlentry\}[^\n]*\n(.*?)^\1[ \t]*$\n?", re.DOTALL | re.MULTILINE)
_BARE_URL = re.compile(r"(?<![(<\w/])https?://[^\s,)>]+")
_ROLE = re.compile(r"\{[a-z][\w:-]*\}`([^`]+)`")
_DIRECTIVE = re.compile(r"^([ \t]*)(`{3,})\{[^}]*\}.*$", re.MULTILINE)


def plain(text: str) -> str:
    """Return a page for a tool without extensions: options become a list of facts, roles their text."""

    def facts(match: re.Match[str]) -> str:
        lines = []
        for line in match[2].splitlines():
            name, _, value = line.removeprefix(":").partition(":")
            shown = _BARE_URL.sub(lambda url: f"<{url[0]}>", value.strip())
            lines.append(f"- {name.strip()}: {shown}".rstrip(": ") + "\n")
        return "".join(lines)

    text = _BLOCK.sub(facts, text)
    text = _DIRECTIVE.sub(r"\1\2text", text)
    return _ROLE.sub(r"\1", text)


def as_markdown(html: str) -> str:
    """Return the words and links of a built page of ours as Markdown, for a tool that has to be given them."""
    lines = []
    for node in BeautifulSoup(html, "html.parser").select("article :is(h1, h2, p, dt)"):
        for link in node.select("a[href]"):
            target = re.sub(r"\.html(#.*)?$", ".md", str(link["href"]))
            link.replace_with(
                f"[{link.get_text(' ', strip=True)}]({target})" if "#" not in target else link.get_text()
            )
        words = " ".join(node.get_text(" ", strip=True).split())
        lines.append({"h1": "# ", "h2": "## ", "dt": "- "}.get(node.name, "") + words)
    return "\n\n".join(line for line in lines if line) + "\n"


def write_text(path: Path, text: str) -> None:
    """Write *text*, making folders on the way."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def site_conf(extension: Path, extra: str = "") -> str:
    """Return the project's own ``conf.py`` for a collection elsewhere: *extension* is the folder that holds ``mlwatch``."""
    text = (ROOT / "conf.py").read_text(encoding="utf-8")
    text, count = re.subn(
        r"(?m)^sys\.path\.insert\(.*$", lambda _: f"sys.path.insert(0, {str(extension)!r})", text, count=1
    )
    if not count:
        raise RuntimeError(
            "conf.py has no line that begins with sys.path.insert; benchmarks/collection.py changes that line"
        )
    return text + extra


def write_site(collection: Collection, folder: Path, extension: Path, *, citations: bool = True) -> None:
    """Write a project with *collection* into *folder*: conf.py, refs.bib, docs, in the layout of this one."""
    write_text(folder / "conf.py", site_conf(extension))
    write_text(folder / "refs.bib", collection.bib)
    docs = folder / "docs"
    shutil.copytree(ROOT / "docs" / "_static", docs / "_static", dirs_exist_ok=True)
    index = (ROOT / "docs" / "index.md").read_text(encoding="utf-8")
    # The guide is not what is measured.
    index = re.sub(r"(?m)^guide/index\n", "", index)
    index = re.sub(r"\[([^]]*)\]\(guide/[^)]*\)", r"\1", index)
    write_text(docs / "index.md", index)
    for name in ("bibliography.md", "search.md", "404.md"):
        if (ROOT / "docs" / name).is_file():
            write_text(docs / name, (ROOT / "docs" / name).read_text(encoding="utf-8"))
    for article in collection.articles:
        write_text(docs / "entries" / f"{article.name}.md", article.page(citations=citations))
