"""All that is to be known of an address that a person gives: the article, and the papers behind it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from ..core import urls
from ..core.article.facts import Facts, from_address, from_work
from ..core.article.links import recognise
from .errors import WebError
from .pages import read_article
from .robots import Robots

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from ..core.article.links import Target
    from ..core.papers.bibfile import Shelf
    from ..core.papers.work import Work
    from .registries import Registries

_OFFLINE: Final = "mlwatch add --offline makes a page of what the address tells"


@dataclass(slots=True)
class Found:
    """An article's facts, the keys or works of the papers behind it (in order), and what did not go as wished."""

    facts: Facts
    papers: list[str | Work] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    todo: str = ""


@dataclass(slots=True)
class Lookup:
    """Looks addresses up; *watched* raises WebError when an address, or one with a title, is in the collection."""

    registries: Registries
    shelf: Shelf
    watched: Callable[[str, str], None]
    today: date
    _robots: Robots | None = None

    def offline(self, given: str) -> Found:
        """Return what the address *given* alone tells. Raises WebError."""
        self._begin(given)
        facts = from_address(given.strip(), self.today)
        self.watched(facts.url, "")
        key = self.shelf.find(arxiv=facts.arxiv, doi=facts.doi)
        return Found(facts, [key] if key else [], todo="made of the address alone; look at title and date")

    def online(self, given: str) -> Found:
        """Return what the page at *given*, or the registry of the paper, tells. Raises WebError."""
        self._begin(given)
        address = given.strip()
        target = recognise(address)
        arxiv, doi = urls.arxiv_id(address) or "", urls.doi(address) or ""
        if target and target.rel == "paper":
            arxiv, doi = arxiv or target.arxiv, doi or target.doi
            if urls.identity(target.url) != urls.identity(address):
                self.watched(target.url, "")
        try:
            if not arxiv and not doi:
                return self._article(target.url if target and target.rel == "paper" else address)
            try:
                return self._paper(arxiv, "" if arxiv else doi)
            except _WatchedError:
                raise
            except WebError:
                if urls.arxiv_id(address) or urls.doi(address):
                    raise
                # The identifier was read out of a publisher's address, which has a page as well.
                return self._article(address)
        except _WatchedError:
            raise
        except WebError as error:
            raise WebError(f"{error}; {_OFFLINE}") from None

    def _begin(self, given: str) -> None:
        address = given.strip()
        if not urls.arxiv_id(address) and not urls.doi(address):
            problem = urls.problem_with(address)
            if problem is None and address[:7].lower() == "mailto:":
                problem = "a mail address is no article"
            if problem is None and "@" in urlsplit(address).netloc:
                problem = (
                    "the address has a user name or a password in it, which would be published; take it out"
                )
            if problem:
                raise _WatchedError(problem)
        self._check(address)

    def _check(self, url: str, title: str = "") -> None:
        try:
            self.watched(url, title)
        except WebError as error:
            raise _WatchedError(str(error)) from None

    def _paper(self, arxiv: str, doi: str) -> Found:
        if arxiv:
            work = self.registries.by_arxiv([arxiv]).get(arxiv)
            if work is None:
                raise WebError(f"arXiv knows no paper {arxiv}")
        else:
            work = self.registries.by_doi(doi)
        facts = from_work(work)
        if work.doi:
            self._check(urls.doi_address(work.doi))
        return Found(facts, [work])

    def _article(self, url: str) -> Found:
        client = self.registries.client
        robots = self._robots = self._robots or Robots(client)

        def allowed(address: str) -> None:
            if address != url:
                self._check(address)
                target = recognise(address)
                if target and (target.arxiv or target.doi):
                    raise _PaperError(target)
            robots.check(address)

        try:
            facts = read_article(client, url, allowed, self._check, self.today)
        except _PaperError as found_paper:
            return self._paper(found_paper.target.arxiv, found_paper.target.doi)
        self._check(facts.url)
        found = Found(facts)
        if facts.elsewhere:
            self._check(facts.elsewhere, facts.title)
            found.notes.append(
                f"the page calls {facts.elsewhere} its canonical address, on another site; "
                "if that is the original, add it instead"
            )
        if facts.dropped:
            found.notes.append(f"{facts.dropped} further links to papers and code are left out")
        found.papers = self._papers_behind(facts, found.notes)
        return found

    def _papers_behind(self, facts: Facts, notes: list[str]) -> list[str | Work]:
        """Return a key or a work for each paper of *facts* that a registry knows; say in *notes* what fails."""
        wanted = [(facts.arxiv, facts.doi)] if facts.arxiv or facts.doi else []
        for link in facts.links:
            target = recognise(link.url)
            if link.rel == "paper" and target and (target.arxiv or target.doi):
                wanted.append((target.arxiv, target.doi))
        missing = [(a, d) for a, d in dict.fromkeys(wanted) if not self.shelf.find(arxiv=a, doi=d)]
        works = self._from_arxiv([a for a, _ in missing if a], notes)
        works |= self._from_doi([d for a, d in missing if not a], notes)
        papers: list[str | Work] = []
        if facts.work and not (facts.arxiv or facts.doi):
            papers.append(facts.work)
        for arxiv, doi in dict.fromkeys(wanted):
            one = self.shelf.find(arxiv=arxiv, doi=doi) or works.get(arxiv or doi)
            if one is None and facts.work and (arxiv, doi) == (facts.arxiv, facts.doi):
                one = replace(facts.work, arxiv=arxiv, doi=doi)
            if one:
                papers.append(one)
        return papers

    def _from_arxiv(self, identifiers: list[str], notes: list[str]) -> dict[str, Work]:
        if not identifiers:
            return {}
        try:
            works = self.registries.by_arxiv(identifiers)
        except WebError as error:
            notes.append(f"no BibTeX records of {_papers(identifiers, 'arXiv:')}: arXiv: {error}")
            return {}
        if unknown := [one for one in identifiers if one not in works]:
            notes.append(f"no BibTeX records of {_papers(unknown, 'arXiv:')}: arXiv does not know them")
        return {name: works[name] for name in identifiers if name in works}

    def _from_doi(self, names: list[str], notes: list[str]) -> dict[str, Work]:
        works: dict[str, Work] = {}
        for index, name in enumerate(names):
            try:
                works[name] = self.registries.by_doi(name)
            except WebError as error:
                # A registry that is down is not asked for one paper after the other.
                failed = names[index:] if error.again else [name]
                notes.append(f"no BibTeX records of {_papers(failed, 'doi:')}: {error}")
                if error.again:
                    break
        return works


class _WatchedError(WebError):
    """What no other way of looking the address up would mend."""


class _PaperError(WebError):
    """A redirect that leads to a paper, of which its registry tells more than its page."""

    def __init__(self, target: Target) -> None:
        super().__init__(target.url)
        self.target = target


def _papers(names: list[str], prefix: str) -> str:
    shown = ", ".join(f"{prefix}{name}" for name in names[:5])
    return shown + (f" and {len(names) - 5} more" if len(names) > 5 else "")
