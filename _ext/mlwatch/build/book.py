"""E-books whose bytes depend on their content alone."""

from __future__ import annotations

import os
import time
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import ZipFile, ZipInfo

from ..core.atomic import write_bytes

if TYPE_CHECKING:
    from sphinx.application import Sphinx

_EARLIEST = 315532800  # 1980-01-01, the first day that a zip archive can name


def settle_times(app: Sphinx, exception: Exception | None) -> None:
    """Give each file in an e-book the time of ``SOURCE_DATE_EPOCH`` (``build-finished``).

    Sphinx packs the times at which it wrote the files, so that two builds of one commit would differ.
    https://reproducible-builds.org/specs/source-date-epoch/
    """
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if exception is not None or app.builder.name != "epub" or not epoch.isdigit():
        return
    date = time.gmtime(max(int(epoch), _EARLIEST))[:6]
    for book in Path(app.outdir).glob("*.epub"):
        made = BytesIO()
        with ZipFile(book) as old, ZipFile(made, "w") as new:
            for member in old.infolist():
                settled = ZipInfo(member.filename, date)
                settled.compress_type = member.compress_type
                settled.external_attr = 0o644 << 16
                new.writestr(settled, old.read(member))
        write_bytes(book, made.getvalue())
