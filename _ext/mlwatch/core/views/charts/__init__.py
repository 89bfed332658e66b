"""Views of charts: what each shows, in numbers. How it is drawn is told in ``core/plots.py``."""

from __future__ import annotations

from typing import Final

from .keywords import chart_keywords, chart_pairs
from .links import chart_links
from .over_time import (
    chart_keyword,
    chart_months,
    chart_source,
    chart_sources,
    chart_strip,
    chart_topic,
)
from .shapes import NONE, Bars, Chart, Dead, Line, Matrix, Panels, Part, Parts, Stacks
from .shares import chart_reading, chart_starred

__all__ = [
    "CHARTS",
    "NONE",
    "TRENDS",
    "Bars",
    "Chart",
    "Dead",
    "Line",
    "Matrix",
    "Panels",
    "Part",
    "Parts",
    "Stacks",
    "chart_keyword",
    "chart_keywords",
    "chart_links",
    "chart_months",
    "chart_pairs",
    "chart_reading",
    "chart_source",
    "chart_sources",
    "chart_starred",
    "chart_strip",
    "chart_topic",
]

#: What the directive ``mlchart`` can draw (``trends`` apart, the views ``chart-…``), each with a line for the guide.
CHARTS: Final = {
    "strip": "all entries over time, as a low strip",
    "months": "all entries over time",
    "sources": "the entries of the largest sources over time",
    "keywords": "keywords whose share rises and falls",
    "pairs": "keywords that occur together",
    "starred": "the share of starred entries over time",
    "reading": "how far the reading list is read, and what entries lack",
    "links": "which links worked when they were last checked, by the age of their entries; nothing when no check is known",
    "keyword": "the entries of a keyword over time; `:key:` is the last part of its page's address",
    "source": "the entries of a source over time; `:key:` is the last part of its page's address",
    "topic": "the entries of a topic over time; `:key:` is its id",
    "trends": "all that the page of trends shows, each with a heading",
}
#: Those that the page of trends shows, in order.
TRENDS: Final = ("months", "sources", "keywords", "pairs", "starred", "reading", "links")
