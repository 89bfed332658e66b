"""Files to download that a build of a site writes: all BibTeX records."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ..core.atomic import write_if_changed
from ..parts.domain import domain_of
from ..parts.navigation import SITES
from ..parts.papers import BIBFILE

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def register(app: Sphinx) -> None:
    """Connect what writes the files, when all pages are written."""
    app.connect("build-finished", _write)


def _write(app: Sphinx, exception: Exception | None) -> None:
    if exception is not None or not hasattr(app, "builder") or app.builder.name not in SITES:
        return
    records = domain_of(app.env).collection.catalogue.bibliography.records.values()
    path = Path(app.outdir) / BIBFILE
    if records:
        write_if_changed(path, "\n\n".join([*(record.raw.strip() for record in records), ""]).encode())
    else:
        path.unlink(missing_ok=True)
