"""The deeds of a duty's life as forms: read what was typed, and do the deed with it."""

from __future__ import annotations

import datetime as dt
from contextlib import contextmanager
from typing import TYPE_CHECKING

from starlette.datastructures import UploadFile

from catalog.duties.deeds import DEEDS
from catalog.duties.evidence_rules import LABELS, safe_name
from catalog.errors import UsageRefusedError
from desk.web.forms import FIELDS
from ledger.people import drafts_and_views as own
from tasks.deeds.registry import functions

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from starlette.datastructures import FormData

    from catalog.duties.deeds import Deed, Field
    from catalog.errors import DubanError
    from ledger.proof.evidence import EvidenceFile
    from ledger.session import Ledger
    from tasks.act import Act

FILE = "file-"  # the fields of files are named by their label: file-minutes
UNREADABLE = {"day-unreadable": "date", "agency-unknown": "agency", "figure-unreadable": "figure"}
FORMS: Mapping[str, Deed] = {name: deed for name, deed in DEEDS.items() if deed.page}


class Given:
    """What a form brought: text as typed, files by their label."""

    def __init__(self, form: FormData) -> None:
        self._form = form

    def text(self, name: str) -> str:
        """Return what was typed into the field, empty when nothing was."""
        value = self._form.get(name)
        return value.strip() if isinstance(value, str) else ""

    def said(self, deed: Deed) -> dict[str, object]:
        """Return the fields of `deed` by name, its date as a day; UsageRefusedError for another."""
        return {field.name: self._value(field) for field in deed.fields}

    def typed(self, deed: Deed) -> dict[str, object]:
        """Return the fields of `deed` as they were typed."""
        return {field.name: self.text(field.name) for field in deed.fields}

    def files(self) -> list[tuple[str, UploadFile]]:
        """Return the files by label; an empty field of a form brings a file without a name."""
        found = ((label, each) for label in LABELS for each in self._form.getlist(FILE + label))
        return [
            (label, each) for label, each in found if isinstance(each, UploadFile) and each.filename
        ]

    def _value(self, field: Field) -> object:
        typed = self.text(field.name)
        if field.kind == "date":
            return _day(typed) if typed else None
        if field.kind == "hidden":
            return int(typed) if typed.isdecimal() and len(typed) < 10 else 0  # noqa: PLR2004
        return typed


def do(name: str, ledger: Ledger, key: str, act: Act, given: Given) -> None:
    """Do the deed `name` to duty `key` with what the form brought.

    Raises what the deed raises, and InvalidError for a file that is refused.
    """
    deed, does = FORMS[name], functions()[name]
    said = given.said(deed)
    if deed.takes_files:
        with _received(ledger, given) as files:
            does(ledger, key, act, **said, evidence=files)
    else:
        does(ledger, key, act, **said)
    if deed.drafted:
        _forget_draft(ledger, act.user, key, name)


def fields_of(error: DubanError, deed: Deed, given: Given) -> Mapping[str, str]:
    """Return the fields that errors speak of by their keys, that of `error` among them."""
    key, place = error.key, error.values.get("place")
    if key.startswith("rule-evidence-"):
        return {key: FILE + key.removeprefix("rule-evidence-")}
    if place is not None:
        named = ((label, safe_name(each.filename or "")) for label, each in given.files())
        return {key: next((FILE + label for label, name in named if name == place), "")}
    wrong = [field.name for field in deed.fields if field.kind == UNREADABLE.get(key)]
    return {**FIELDS, key: wrong[0]} if wrong else FIELDS


@contextmanager
def _received(ledger: Ledger, given: Given) -> Iterator[list[EvidenceFile]]:
    with ledger.evidence.tray() as tray:
        yield [
            tray.take(each.file, name=each.filename or "", kind=label)
            for label, each in given.files()
        ]


def _forget_draft(ledger: Ledger, user: str, key: str, name: str) -> None:
    with ledger.read() as conn:
        kept = {(draft.duty, draft.deed) for draft in own.drafts(conn, user)}
    if (key, name) in kept:
        with ledger.transaction() as tx:
            own.drop_draft(tx, user, duty=key, deed=name)


def _day(typed: str) -> dt.date:
    try:
        return dt.date.fromisoformat(typed)
    except ValueError as error:
        raise UsageRefusedError("day-unreadable", typed=typed) from error
