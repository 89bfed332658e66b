"""Warnings: each has type ``mlwatch``, a subtype of :class:`~mlwatch.core.problems.Code` and a location."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from sphinx.util import logging

if TYPE_CHECKING:
    from docutils.nodes import Node

    from ..core.problems import Code, Problem, Remark

_logger = logging.getLogger(__name__)


def warn(code: Code | Remark, message: str, location: str | tuple[str, int] | Node) -> None:
    """Give a warning at *location*: ``path:line``, (docname, line) or a node."""
    _logger.warning(message, type="mlwatch", subtype=str(code), location=location)


def stop(message: str, location: str) -> NoReturn:
    """End the build with an error at *location*, ``path:line``; for an exception Sphinx would print a traceback."""
    _logger.error(message, location=location)
    raise SystemExit(2)


def report(problem: Problem) -> None:
    """Give *problem* as a warning, with the text and the place that ``mlwatch check`` shows."""
    warn(problem.code, problem.message, f"{problem.path}:{problem.line}")
