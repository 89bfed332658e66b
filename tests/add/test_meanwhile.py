"""What another command writes while ``mlwatch add`` waits for the network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.add.conftest import Reply, entries, page

if TYPE_CHECKING:
    from collections.abc import Callable
    from http.server import BaseHTTPRequestHandler
    from pathlib import Path

    from tests.add.conftest import Add, Web

RECORD = """\
@misc{efficient,
  author = {Tan, Mingxing},
  title = {EfficientNetV2},
  year = {2021},
  eprint = {2104.00298},
  archivePrefix = {arXiv}
}
"""


def after(action: Callable[[], object], body: str) -> Reply:
    """Return the answer *body* that is given when *action* is done."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        action()
        raw = body.encode()
        head = (
            f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {len(raw)}\r\n\r\n"
        )
        handler.wfile.write(head.encode() + raw)

    return Reply(raw=answer)


def test_a_record_that_came_meanwhile_is_cited_and_kept(web: Web, add: Add, project: Path) -> None:
    web.paper("2104.00298", "EfficientNetV2", "Mingxing Tan")
    (project / "refs.bib").write_text("", encoding="utf-8")
    body = page(body='<h1>News</h1><p><a href="https://arxiv.org/abs/2104.00298">paper</a></p>')
    url = web.put("/news", after(lambda: (project / "refs.bib").write_text(RECORD, encoding="utf-8"), body))
    assert add(url).code == 0
    assert (project / "refs.bib").read_text(encoding="utf-8") == RECORD
    (entry,) = entries(project)
    assert entry.cite == ("efficient",)


def test_an_article_that_was_added_meanwhile_is_refused(web: Web, add: Add, project: Path) -> None:
    other = project / "docs" / "entries" / "other.md"

    def write() -> None:
        other.write_text(
            f"# News\n\n```{{mlentry}}\n:source: S\n:url: {web.url}/news\n```\n", encoding="utf-8"
        )

    found = add(web.put("/news", after(write, page(body="<h1>News</h1>"))))
    assert found.code == 1
    assert "it is watched already" in found.err
    assert "other.md" in found.err
    assert list((project / "docs" / "entries").rglob("*.md")) == [other]
