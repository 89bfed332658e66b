"""Pagefind: the program that makes the search index, and the files that it writes.

Its Python package waits a tenth of a second for each record, a quarter of an hour for 10,000; so we speak with the
program ourselves, as that package does: each message is JSON in base64 with a comma after it
(``pagefind/src/service`` in its sources). Index and page come from one program, so they always fit.
"""

from __future__ import annotations

import base64
import json
import os
import subprocess
import threading
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Seconds after which the program is taken for stuck; 10,000 entries take five.
_PATIENCE: Final = 300
#: A query loads the parts of the index in which its words stand; smaller parts than Pagefind's own (20,000) make
#: a search at 10,000 entries a third lighter. Where a later version does not know the name, nothing is lost.
_SIZE: Final = {"PAGEFIND_UNSTABLE_INDEX_CHUNK_SIZE": "4000"}
#: Characters that words keep: C++, C#.
_KEPT: Final = "+#"


class PagefindError(Exception):
    """Pagefind is not there, does not run, or gave something else than it should; the message says which."""


def program() -> tuple[Path, str]:
    """Return the program and its version; raise PagefindError when it is not there or does not run."""
    for name in ("pagefind_bin", "pagefind_bin_extended"):
        try:
            path = Path(import_module(name).get_executable())
            done = subprocess.run(  # noqa: S603 - the program of the package that was asked for
                [path, "--version"], capture_output=True, text=True, check=True, timeout=60
            )
        except ImportError:
            continue
        except (OSError, subprocess.SubprocessError) as error:
            raise PagefindError(f"Pagefind does not run here: {error}") from None
        return path, done.stdout.strip()
    raise PagefindError("Pagefind is not installed (pip install pagefind-bin)")


def make_index(path: Path, records: Iterable[dict[str, Any]]) -> dict[str, bytes]:
    """Have the program at *path* index *records* (the arguments of its ``AddRecord``); return its files, name to content."""
    messages = [_message(0, {"type": "NewIndex", "config": {"include_characters": _KEPT}})]
    messages += [
        _message(number, {"type": "AddRecord", "index_id": 0, **record})
        for number, record in enumerate(records, 1)
    ]
    messages.append(_message(len(messages), {"type": "GetFiles", "index_id": 0}))
    with subprocess.Popen(  # noqa: S603 - as above
        [path, "--service"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        stuck = threading.Timer(_PATIENCE, process.kill)
        stuck.daemon = True
        stuck.start()
        feeder = threading.Thread(target=_feed, args=(process, messages), daemon=True)
        feeder.start()
        try:
            last = _last_answer(process, len(messages))
        finally:
            stuck.cancel()
            process.kill()
            feeder.join()
    return _files(last)


def _message(number: int, payload: dict[str, Any]) -> bytes:
    return base64.b64encode(json.dumps({"message_id": number, "payload": payload}).encode()) + b","


def _feed(process: subprocess.Popen[bytes], messages: list[bytes]) -> None:
    """Write *messages*; the pipe stays open, for the program ends as soon as it is closed."""
    assert process.stdin is not None  # noqa: S101 - it was asked for
    try:
        for message in messages:
            process.stdin.write(message)
        process.stdin.flush()
    except OSError:
        return  # the program has ended: who reads its answers says so


def _last_answer(process: subprocess.Popen[bytes], wanted: int) -> dict[str, Any]:
    """Read an answer to each of *wanted* messages and return the last; raise PagefindError at the first that is an error."""
    assert process.stdout is not None  # noqa: S101 - it was asked for
    begun: list[bytes] = []
    while read := os.read(process.stdout.fileno(), 1 << 20):
        *ends, rest = read.split(b",")
        for end in ends:
            payload = _payload(b"".join((*begun, end)))
            begun.clear()
            wanted -= 1
            if payload.get("type") == "Error":
                raise PagefindError(f"Pagefind says: {payload.get('message')}")
            if not wanted:
                return payload
        begun.append(rest)
    raise PagefindError("Pagefind ended before it had made the index")


def _payload(answer: bytes) -> dict[str, Any]:
    try:
        payload = json.loads(base64.b64decode(answer)).get("payload", {})
    except (ValueError, AttributeError):
        raise PagefindError("Pagefind gave an answer that cannot be read") from None
    return payload if isinstance(payload, dict) else {}


def _files(answer: dict[str, Any]) -> dict[str, bytes]:
    """Return what a search needs of the files in *answer*; Pagefind's own widgets are left out."""
    try:
        found = {file["path"]: file["content"] for file in answer["files"]}
        entry = json.loads(base64.b64decode(found["pagefind-entry.json"]))
        needed = {"pagefind-entry.json", "pagefind.js", "pagefind-worker.js"}
        needed |= {
            f"wasm.{language['wasm'] or 'unknown'}.pagefind" for language in entry["languages"].values()
        }
        needed |= {name for name in found if name.endswith((".pf_meta", ".pf_fragment", ".pf_index"))}
        return {name: base64.b64decode(found[name]) for name in sorted(needed)}
    except (LookupError, TypeError, ValueError, AttributeError):
        raise PagefindError("Pagefind gave no index") from None
