"""The words that scripts show, in the language of the site.

They are written into one file for the whole site (``parts/scripts.py``). What stands in ``{…}`` the scripts fill in, and where
there are several forms they take the one that goes with the number.
"""

from __future__ import annotations

from typing import Any

from ..base.locale import _
from ..core.searching import DIGEST


def comfort() -> dict[str, Any]:
    """Return the words of keys, help, previews, copy buttons and a reader's own marks."""
    return {
        "help": _("Keys and marks"),
        "close": _("Close"),
        "keys": _("Keys"),
        "keyList": {
            "j": _("next entry of a list, a digest or the results"),
            "k": _("entry before it"),
            "Enter": _("open it"),
            "m": _("mark it as read, or as unread"),
            "f": _("give it a star of yours, or take it away"),
            "s": _("search"),
            "?": _("this help"),
            "Esc": _("close a preview or this help"),
        },
        "keysOn": _("Use keys of one letter or sign"),
        "keysHint": _("Keys do nothing while you type in a field."),
        "marks": _("Your marks"),
        "marksHint": _("What you have read and starred is kept in this browser alone. Nobody else sees it."),
        "noStore": _("This browser lets the site keep nothing, so there are no marks."),
        "counts": _("{read} read, {star} starred by you"),
        "export": _("Export as JSON"),
        "import": _("Import …"),
        "forget": _("Remove all marks"),
        "forgetSure": _("Really remove all marks"),
        "forgotten": _("All marks are removed."),
        "imported": {"one": _("{n} new mark is here now."), "other": _("{n} new marks are here now.")},
        "known": {"one": _("{n} was here before."), "other": _("{n} were here before.")},
        "skipped": {
            "one": _("{n} record was left out, because it is no mark of an entry."),
            "other": _("{n} records were left out, because they are no marks of entries."),
        },
        "notJson": _("Nothing was imported: {name} is no JSON file."),
        "notMarks": _("Nothing was imported: {name} has no marks as this site exports them."),
        "tooLarge": _("Nothing was imported: {name} is larger than {limit} MB."),
        "full": _("The mark cannot be kept: the browser's storage is full or closed."),
        "mark": {"read": _("Mark as read"), "star": _("Star")},
        "ofRow": {"read": _("Read: {title}"), "star": _("My star: {title}")},
        "hints": {"read": _("Mark as read (m)"), "star": _("Star of mine (f)")},
        "told": {
            "read": {"on": _("Marked as read."), "off": _("Marked as unread.")},
            "star": {"on": _("Starred."), "off": _("Star removed.")},
        },
        # Spoken by the style sheet, for signs behind a link.
        "signs": {
            "other-site": _(" (other site)"),
            "is-read": _(" (read)"),
            "is-star": _(" (starred by you)"),
            "is-both": _(" (read, starred by you)"),
        },
        "tools": _("Your marks, and what can be copied"),
        "copy": {"link": _("Copy link"), "citation": _("Copy citation"), "bibtex": _("Copy BibTeX")},
        "copied": {
            "link": _("Link copied."),
            "citation": _("Citation copied."),
            "bibtex": _("BibTeX copied."),
        },
        "notCopied": _("The browser does not let this be copied. The text is selected below the buttons."),
        "byHand": _("Text to copy"),
        "show": _("Show"),
        "mine": _mine(),
        "shown": _("{n} of {all} entries shown."),
        "offline": _("There is no connection, so the preview cannot be loaded now."),
    }


def _mine() -> dict[str, str]:
    return {"all": _("All"), "unread": _("Unread"), "read": _("Read"), "star": _("Starred by me")}


def search() -> dict[str, Any]:
    """Return every text that the search page shows beside the titles of lists."""
    return {
        "label": _("Search the entries and digests"),
        "lists": _("Or browse:"),
        "filters": _("Filters"),
        "sort": _("Sort by"),
        "sorts": {"relevance": _("Relevance"), "newest": _("Newest first"), "oldest": _("Oldest first")},
        "chosen": _("Chosen filters"),
        "remove": _("Remove the filter {name}"),
        "clear": _("Clear all"),
        "more": _("Show more"),
        "results": {"one": _("{n} result"), "other": _("{n} results")},
        "none": _("Nothing found"),
        "hintFilters": _("Remove a filter, or look for fewer words."),
        "hintWords": _("Look for fewer or other words, or browse the lists above."),
        "missing": _("Left out, because it is found nowhere: {words}."),
        "also": _("Also found:"),
        "week": _("week {week} of {year}"),
        "loading": _("Loading …"),
        "offline": _(
            "There is no connection, so this cannot be loaded now. It goes on by itself when the connection is back."
        ),
        "retry": _("Try again"),
        "moreValues": {"one": _("{n} more"), "other": _("{n} more")},
        "filterValues": _("Find in the list"),
        "filterLabel": _("Find in the list: {name}"),
        "stars": {"one": _("{n} star"), "other": _("{n} stars")},
        "facets": {
            "topic": _("Topic"),
            "star": _("Starred"),
            "year": _("Year"),
            "source": _("Source"),
            "keyword": _("Keyword"),
            "kind": _("Kind"),
            "series": _("Series"),
            "has": _("Has"),
            "lang": _("Language"),
            "mine": _("Your marks"),
        },
        "kinds": {
            "article": _("article"),
            "paper": _("paper"),
            "thread": _("thread"),
            "talk": _("talk"),
            "tool": _("tool"),
            "note": _("note"),
            DIGEST: _("digest"),
        },
        "has": {"paper": _("a paper"), "code": _("code"), "video": _("a video"), "summary": _("a summary")},
        "mine": _mine(),
        "noscript": _("The search needs JavaScript. The lists above show everything without it."),
        "file": _(
            "The search needs a web server, because a browser lets no page read files beside it. Serve the site from its folder "
            "and open http://localhost:8000/, or run make live in the project. The lists above work without a server."
        )
        + "\n$ python -m http.server",
        "broken": _(
            "The search could not be loaded. Load the page again: the site may have been renewed meanwhile. The lists above work without it."
        ),
    }
