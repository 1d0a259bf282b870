"""Documents read in a child process (`ledger/child.py`): their text, drafts and coverage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalog.errors import InvalidError, NotFoundError
from catalog.reading.document.lines import paper
from catalog.reading.proposing import drafting
from catalog.trackers.drafts import coverage
from catalog.trackers.drafts import drafting as trackers
from catalog.trackers.drafts.plan_text import is_plan_text
from ledger.child import call_in_child
from tasks.documents.text import LARGEST, text_of

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    from catalog.plans.model import Plan
    from catalog.reading.draft import Draft
    from catalog.reading.settling.coverage import Finding
    from catalog.reading.who.register import Register


def read(path: Path) -> str:
    """Return the text of a document's file; InvalidError for one without text."""
    try:
        size = path.stat().st_size
        if size > LARGEST:
            raise InvalidError("document-too-large", place=path, size=size, largest=LARGEST)
        data = path.read_bytes()
    except FileNotFoundError:
        raise NotFoundError("file-unknown", file=path) from None
    except OSError as error:
        raise InvalidError("file-not-text", place=path) from error
    return text(data, place=str(path))


def text(data: bytes, *, place: str) -> str:
    """Return the text of a document's bytes; `place` names it in errors."""
    return call_in_child(text_of, data, place, place=place)


def draft(text: str, register: Register, *, name: str, code: str, on: dt.date) -> Draft:
    """Return the draft of a plan from the text of the document `name` (`drafting.draft`)."""
    return call_in_child(_draft, text, register, name, code, on, place=name)


def check(plan: Plan, source: str, *, name: str) -> list[Finding]:
    """Return what a plan leaves out of a text, adds to it or reads otherwise."""
    return call_in_child(coverage.check, plan, source, place=name)


def _draft(text: str, register: Register, name: str, code: str, on: dt.date) -> Draft:
    if is_plan_text(text):
        return trackers.draft(text, register, name=name, code=code, on=on)
    return drafting.draft(paper(text, name=name), register, code=code, on=on)
