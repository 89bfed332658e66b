"""What can go wrong with a page that is fetched."""

from __future__ import annotations


class WebError(Exception):
    """A page that could not be had; the text says why, for a person. ``again`` says that it may work later."""

    def __init__(self, message: str, *, again: bool = False, wait: float | None = None) -> None:
        super().__init__(message)
        self.again = again
        #: How many seconds the site asks to wait.
        self.wait = wait
