"""Evidence a filing must bring, and safe names of its files."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Literal, get_args

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

Label = Literal["minutes", "attendance", "document", "photo", "source"]
LABELS: tuple[Label, ...] = get_args(Label)

# Minutes and attendance for a meeting, a source for a figure; a standing obligation reports in
# words (docs/rules.md, The life of a duty). An obligation of the plan may differ:
# `evidence = ["minutes"]`, or `[]`.
BY_KIND: Mapping[str, tuple[Label, ...]] = {
    "meeting": ("minutes", "attendance"),
    "event": ("document",),
    "report": ("document",),
    "deliverable": ("document",),
    "milestone": ("document",),
    "target": ("source",),
    "standing": (),
}

LONGEST = 180  # bytes in UTF-8: file systems take 255, and an export puts a number before it
UNNAMED = "unnamed"
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)
_UNSAFE = set('<>:"|?*')


def required(kind: str, declared: tuple[Label, ...] | None) -> tuple[Label, ...]:
    """Return the labels a filing must bring: those `declared` by the plan, else its kind's."""
    return BY_KIND[kind] if declared is None else declared


def missing(labels: Collection[Label], evidence: Collection[str]) -> tuple[Label, ...]:
    """Return the required labels that no evidence has, in the order of the rule."""
    return tuple(label for label in labels if label not in evidence)


def extension(name: str) -> str:
    """Return what follows the last dot of `name`, in small letters, without the dot."""
    return name.rpartition(".")[2].lower() if "." in name else ""


def safe_name(name: str) -> str:
    """Return `name` safe for a header, a cell, a path or a page: one visible line.

    Directories, control and invisible characters (right-to-left marks among them) and what
    Windows does not allow are gone, the length is bounded, the extension stays.
    """
    last = re.split(r"[/\\]", name)[-1]
    line = "".join(map(_visible, unicodedata.normalize("NFC", last)))
    stem, dot, ending = unicodedata.normalize("NFC", " ".join(line.split())).rpartition(".")
    if not dot:
        stem, ending = ending, ""
    stem, ending = stem.strip(". "), ending.strip()[:10].strip()
    tail = f".{ending}" if ending else ""
    whole = f"{_cut(stem, LONGEST - len(tail.encode())) or UNNAMED}{tail}"
    return f"_{whole}" if _RESERVED.fullmatch(whole) else whole


def _visible(character: str) -> str:
    category = unicodedata.category(character)
    if category[0] == "Z":
        return " "
    if category[0] == "C":
        return ""
    return "_" if character in _UNSAFE else character


def _cut(text: str, size: int) -> str:
    return text.encode()[:size].decode(errors="ignore").rstrip(". ")
