"""The published heads of the history, kept in a file outside the database."""

from __future__ import annotations

import datetime as dt
import json
import os
from typing import TYPE_CHECKING

from catalog.errors import InvalidError
from ledger.history import Anchor

if TYPE_CHECKING:
    from pathlib import Path


def anchor_file(home: Path) -> Path:
    """Return where the anchors of the ledger under `home` are kept, one JSON object a line."""
    return home / "anchors.jsonl"


def anchors(home: Path) -> list[Anchor]:
    """Return every anchor on file, oldest first; InvalidError names a line that is none."""
    path = anchor_file(home)
    if not path.exists():
        return []
    lines = path.read_text(encoding="utf-8").splitlines()
    return [_parse(line, f"{path.name}:{number}") for number, line in enumerate(lines, 1)]


def append(home: Path, anchor: Anchor) -> None:
    """Add `anchor` to the file and wait until it is on the disk."""
    document = {"on": anchor.on.isoformat(), "entries": anchor.entries, "head": anchor.head}
    with anchor_file(home).open("a", encoding="utf-8") as file:
        file.write(json.dumps(document) + "\n")
        file.flush()
        os.fsync(file.fileno())


def _parse(line: str, place: str) -> Anchor:
    try:
        values = json.loads(line)
        on = dt.date.fromisoformat(values["on"])
        return Anchor(on=on, entries=int(values["entries"]), head=str(values["head"]))
    except (ValueError, KeyError, TypeError):
        raise InvalidError("anchor-unreadable", place=place) from None
