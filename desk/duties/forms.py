"""The deeds of a duty's life as forms: the fields each has, and the function it calls."""

from __future__ import annotations

import datetime as dt
from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal, NamedTuple

from starlette.datastructures import UploadFile

from catalog.duties.evidence_rules import LABELS, safe_name
from catalog.errors import UsageRefusedError
from ledger.people import drafts_and_views as own
from tasks.deeds import (
    answering,
    deciding,
    extending,
    pausing,
    raising,
    readings,
    reassigning,
    urging,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from starlette.datastructures import FormData

    from catalog.errors import DubanError
    from ledger.proof.files import EvidenceFile
    from ledger.session import Ledger
    from tasks.act import Act

FILE = "file-"  # the fields of files are named by their label: file-minutes


class Field(NamedTuple):
    """One field of a form; `hidden` and `agency` are fields whose values the page gives."""

    name: str
    kind: Literal["area", "text", "date", "agency", "hidden"] = "area"
    required: bool = True


class Deed(NamedTuple):
    """A deed that a page offers: what it calls with the fields by name, and whether files come."""

    does: Callable[..., object]
    fields: tuple[Field, ...] = ()
    takes_files: bool = False


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
    deed = DEEDS[name]
    said = given.said(deed)
    if deed.takes_files:
        with _received(ledger, given) as files:
            deed.does(ledger, key, act, **said, evidence=files)
    else:
        deed.does(ledger, key, act, **said)
    if name in DRAFTED:
        _forget_draft(ledger, act.user, key, name)


def fields_of(error: DubanError, deed: Deed, given: Given) -> dict[str, str]:
    """Return the field that `error` speaks of, by its key; empty when it speaks of none."""
    key, place = error.key, error.values.get("place")
    if key.startswith("rule-evidence-"):
        return {key: FILE + key.removeprefix("rule-evidence-")}
    if place is not None:
        named = ((label, safe_name(each.filename or "")) for label, each in given.files())
        return {key: next((FILE + label for label, name in named if name == place), "")}
    told = {"day-unreadable": "date", "agency-unknown": "agency"}
    wrong = [field.name for field in deed.fields if field.kind == told.get(key)]
    own = {"figure-unreadable": "value", "rule-later-date": "to", "rule-not-ahead": "held_on"}
    return own | ({key: wrong[0]} if wrong else {})


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


def _report(ledger: Ledger, key: str, act: Act, *, value: str, source: str) -> None:
    """Report the figure of the year whose reading the duty is."""
    plan, target, _, year = key.split("/")
    readings.report(
        ledger,
        plan,
        target,
        act,
        year=int(year) if year.isdecimal() else 0,
        value=value,
        source=source,
    )


# What an agency writes in more than one sitting: what was typed is kept until it is sent.
DRAFTED = frozenset(
    {"progress", "deliver-item", "report-reading", "file", "ask-extension", "raise-problem"}
)

TEXT, REASON = Field("text"), Field("reason")
WHY = REASON._replace(required=False)
DAY, DOCUMENT = Field("to", "date"), Field("document", "text")

# By the names of catalog.duties.rights.RIGHTS; slips have a page of their own.
DEEDS: Mapping[str, Deed] = {
    "acknowledge": Deed(answering.acknowledge),
    "progress": Deed(answering.progress, (TEXT,)),
    "deliver-item": Deed(
        answering.deliver_item,
        (Field("title", "text"), Field("held_on", "date"), Field("place", "text", required=False)),
        takes_files=True,
    ),
    "report-reading": Deed(_report, (Field("value", "text"), Field("source", "text"))),
    "file": Deed(answering.file_submission, (Field("summary"),), takes_files=True),
    "urge": Deed(urging.urge, (TEXT._replace(required=False),)),
    "accept": Deed(deciding.accept),
    "close": Deed(deciding.close),
    "return": Deed(deciding.give_back, (REASON,)),
    "grant-extension": Deed(extending.grant, (DAY._replace(required=False), WHY)),
    "refuse-extension": Deed(extending.refuse, (REASON,)),
    "resume": Deed(pausing.resume, (WHY,)),
    "ask-extension": Deed(extending.ask, (DAY, REASON)),
    "raise-problem": Deed(raising.raise_problem, (TEXT,)),
    "answer-problem": Deed(raising.answer_problem, (Field("number", "hidden"), TEXT)),
    "comment": Deed(raising.comment, (TEXT,)),
    "refuse": Deed(answering.refuse, (REASON,)),
    "reassign": Deed(
        reassigning.reassign,
        (Field("to", "agency"), REASON, DOCUMENT._replace(required=False)),
    ),
    "suspend": Deed(pausing.suspend, (REASON,)),
    "waive": Deed(pausing.waive, (DOCUMENT, REASON)),
    "close-not-done": Deed(deciding.close_not_done, (REASON,)),
}
