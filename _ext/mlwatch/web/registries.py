"""arXiv, Crossref and doi.org."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ..core.papers import arxiv, crossref
from .client import Wish
from .errors import WebError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..core.papers.work import Work
    from .client import Answer, Client

ARXIV: Final = "https://export.arxiv.org/api/query"
CROSSREF: Final = "https://api.crossref.org/works"
DOI: Final = "https://doi.org"
#: The three in the order of the fields of :class:`Registries`.
USUAL: Final = (ARXIV, CROSSREF, DOI)
_SIZE: Final = 4_000_000
#: arXiv asks for three seconds between two requests (API user's manual, 3.1.1.2); a pace is one.
_ARXIV_PACE: Final = 3
_CSL: Final = "application/vnd.citationstyles.csl+json"


@dataclass(frozen=True, slots=True)
class Registries:
    """Where papers are looked up: the base addresses, and the client that asks."""

    client: Client
    arxiv: str = ARXIV
    crossref: str = CROSSREF
    doi: str = DOI

    def by_arxiv(self, identifiers: Sequence[str]) -> dict[str, Work]:
        """Return those of the papers *identifiers* that arXiv knows. Raises WebError."""
        address = arxiv.query(self.arxiv, identifiers)
        answer = self.client.get(address, _wish("application/atom+xml", self.arxiv, _ARXIV_PACE))
        _expect(answer)
        try:
            return arxiv.read_answer(answer.body)
        except arxiv.AnswerError as error:
            raise WebError(str(error)) from None

    def by_doi(self, name: str) -> Work:
        """Return the paper of the DOI *name*: from Crossref, or, of other agencies, through doi.org. Raises WebError."""
        address = crossref.query(self.crossref, name)
        answer = self.client.get(address, _wish("application/json", self.crossref))
        if answer.status == 404:
            answer = self.client.get(crossref.query(self.doi, name), _wish(_CSL, self.doi))
            if answer.status == 404:
                raise WebError("there is no such DOI")
        _expect(answer)
        try:
            return crossref.read_answer(answer.body, name)
        except arxiv.AnswerError as error:
            raise WebError(str(error)) from None


def _wish(accept: str, base: str, pace: float = 1) -> Wish:
    return Wish(accept, pace, _SIZE, trusted="" if base in USUAL else base)


def _expect(answer: Answer) -> None:
    if answer.status != 200:
        raise WebError(f"the answer is {answer.status}")
