"""Forms of the deeds on a duty."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from catalog.duties.deeds import DEEDS
from catalog.duties.evidence_rules import safe_name
from desk.web.fields import FILE
from desk.web.forms import FIELDS
from ledger.people import drafts_and_views
from tasks.deeds.registry import functions

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from catalog.duties.declaration import Deed
    from catalog.errors import DubanError
    from desk.web.fields import Fields
    from ledger.proof.evidence import EvidenceFile
    from ledger.session import Ledger
    from tasks.act import Act

UNREADABLE = {
    "agency-unknown": "agency",
    "answer-unknown": "choice",
    "day-unreadable": "date",
    "figure-unreadable": "figure",
    "time-unreadable": "time",
}
OF_A_DAY = {"rule-later-date", "rule-not-ahead", "rule-not-past", "rule-within-period"}
FORMS: Mapping[str, Deed] = {name: deed for name, deed in DEEDS.items() if deed.page}


def do(name: str, ledger: Ledger, key: str, act: Act, fields: Fields) -> None:
    """Do the deed `name` to duty `key` with the fields of a form.

    Raises the errors of the deed, InvalidError for a refused file, and UsageRefusedError for a
    field or file that the deed does not take.
    """
    deed, does = FORMS[name], functions()[name]
    fields.check(deed)
    values = fields.values(deed)
    if deed.takes_files:
        with _evidence(ledger, fields) as files:
            does(ledger, key, act, **values, evidence=files)
    else:
        does(ledger, key, act, **values)
    if deed.drafted:
        _forget_draft(ledger, act.user, key, name)


def fields_of(error: DubanError, deed: Deed, fields: Fields) -> Mapping[str, str]:
    """Return the form's fields by the keys of their errors, including the key of `error`."""
    key, place = error.key, error.values.get("place")
    if key.startswith("rule-evidence-"):
        return {key: FILE + key.removeprefix("rule-evidence-")}
    if place is not None:
        files = ((label, safe_name(each.filename or "")) for label, each in fields.files())
        return {key: next((FILE + label for label, name in files if name == place), "")}
    kind = "date" if key in OF_A_DAY else UNREADABLE.get(key)
    wrong = [field.name for field in deed.fields if field.kind == kind]
    wrong.sort(key=lambda name: not fields.text(name))  # of several days one that was typed
    return {**FIELDS, key: wrong[0]} if wrong else FIELDS


@contextmanager
def _evidence(ledger: Ledger, fields: Fields) -> Iterator[list[EvidenceFile]]:
    with ledger.evidence.tray() as tray:
        yield [
            tray.take(each.file, name=each.filename or "", kind=label)
            for label, each in fields.files()
        ]


def _forget_draft(ledger: Ledger, user: str, key: str, name: str) -> None:
    with ledger.read() as conn:
        drafts = {(draft.duty, draft.deed) for draft in drafts_and_views.drafts(conn, user)}
    if (key, name) in drafts:
        with ledger.transaction() as tx:
            drafts_and_views.drop_draft(tx, user, duty=key, deed=name)
