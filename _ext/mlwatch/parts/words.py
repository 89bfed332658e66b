"""The words that scripts show, in the language of the site.

They are written into one file for the whole site (``parts/scripts.py``). What stands in ``{…}`` the scripts fill in, and where
there are several forms they take the one that goes with the number.
"""

from __future__ import annotations

from typing import Any

from ..base.locale import _
from ..core.searching import DIGEST, PAGE


def comfort() -> dict[str, Any]:
    """Return the words of keys, help, previews, copy buttons and a reader's own marks."""
    return {
        "help": _("Keyboard shortcuts"),
        "close": _("Close"),
        "keys": _("Shortcuts"),
        "keyList": {
            "j": _("next entry"),
            "k": _("previous entry"),
            "Enter": _("open the entry"),
            "m": _("mark as read or unread"),
            "f": _("star or unstar"),
            "s": _("search"),
            "?": _("show these shortcuts"),
            "Esc": _("close a preview or this dialog"),
        },
        "keysOn": _("Use single-key shortcuts"),
        "keysHint": _("Shortcuts are off while you type in a field."),
        "marks": _("My list"),
        "marksHint": _("What you read and star is stored only in this browser. Nobody else can see it."),
        "myList": _("My list"),
        "noMarks": _("Nothing yet. Star an entry or mark it as read, on its page or in any list."),
        "noStore": _("Your browser blocks storage, so nothing can be saved here."),
        "counts": _("{read} read, {star} starred by you"),
        "export": _("Export as JSON"),
        "import": _("Import …"),
        "forget": _("Remove all"),
        "forgetSure": _("Confirm: remove all"),
        "forgotten": _("Everything was removed."),
        "imported": {"one": _("{n} mark was added."), "other": _("{n} marks were added.")},
        "known": {"one": _("{n} was already here."), "other": _("{n} were already here.")},
        "skipped": {
            "one": _("{n} record was skipped: it is not an entry of this site."),
            "other": _("{n} records were skipped: they are not entries of this site."),
        },
        "notJson": _("Nothing was imported: {name} is not a JSON file."),
        "notMarks": _("Nothing was imported: {name} was not exported from this site."),
        "tooLarge": _("Nothing was imported: {name} is larger than {limit} MB."),
        "full": _("Could not save: your browser’s storage is full or blocked."),
        "mark": {"read": _("Mark as read"), "star": _("Star")},
        "ofRow": {"read": _("Read: {title}"), "star": _("Star: {title}")},
        "hints": {"read": _("Mark as read (m)"), "star": _("Star (f)")},
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
        "tools": _("My list and copying"),
        "copy": {"link": _("Copy link"), "citation": _("Copy citation"), "bibtex": _("Copy BibTeX")},
        "copied": {
            "link": _("Link copied."),
            "citation": _("Citation copied."),
            "bibtex": _("BibTeX copied."),
        },
        "notCopied": _(
            "Your browser blocked copying. The text is selected below; press Ctrl-C or Command-C."
        ),
        "byHand": _("Text to copy"),
        "show": _("Show"),
        "mine": _mine(),
        "shown": _("{n} of {all} entries are shown."),
        "offline": _("You are offline, so the preview cannot be loaded."),
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
        "hintFilters": _("Remove a filter, or try fewer words."),
        "hintWords": _("Try fewer or different words, or browse the lists above."),
        "missing": _("No matches for {words}; showing results without it."),
        "also": _("Also found:"),
        "week": _("week {week} of {year}"),
        "loading": _("Loading …"),
        "offline": _("You are offline. This resumes automatically when the connection is back."),
        "retry": _("Try again"),
        "moreValues": {"one": _("{n} more"), "other": _("{n} more")},
        "filterValues": _("Filter this list"),
        "filterLabel": _("Filter this list: {name}"),
        "stars": {"one": _("{n} star"), "other": _("{n} stars")},
        "facets": {
            "topic": _("Topic"),
            "star": _("Starred"),
            "year": _("Year"),
            "source": _("Source"),
            "keyword": _("Keyword"),
            "venue": _("Venue of the paper"),
            "published": _("Year of the paper"),
            "kind": _("Kind"),
            "series": _("Series"),
            "has": _("Has"),
            "lang": _("Language"),
            "mine": _("My list"),
        },
        "kinds": {
            "article": _("article"),
            "paper": _("paper"),
            "thread": _("thread"),
            "talk": _("talk"),
            "tool": _("tool"),
            "note": _("note"),
            DIGEST: _("digest"),
            PAGE: _("page"),
        },
        "groups": {DIGEST: _("Digests"), PAGE: _("Other pages")},
        "allOf": _("Show all {n}"),
        "noEntries": _("No entries"),
        "quick": _("Quick filters"),
        "starred": _("Starred"),
        "withHas": {"code": _("Has code"), "paper": _("Has paper"), "summary": _("Has summary")},
        "instant": _("First results"),
        "has": {"paper": _("paper"), "code": _("code"), "video": _("video"), "summary": _("summary")},
        "mine": _mine(),
        "noscript": _("The search needs JavaScript. The lists above work without it."),
        "file": _(
            "The search needs a web server, because browsers do not let a page opened from disk read other files. Serve the site’s folder and open http://localhost:8000/, or run make live in the project. The lists above work without a server."
        )
        + "\n$ python -m http.server",
        "broken": _(
            "The search could not be loaded. Reload the page: the site may have been updated. The lists above work without it."
        ),
    }
