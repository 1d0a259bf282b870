"""Pauses, waivers and corrections: what the office decides about a duty that nobody asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalog.errors import ConflictError, NotFoundError
from ledger.duties import assignments
from ledger.people import agencies
from ledger.post import contacts
from ledger.store.changes import Change
from tasks.deeds.extending import move
from tasks.deeds.frame import open_deed
from tasks.deeds.meetings import call_off
from tasks.deeds.registry import does

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Sequence

    from ledger.session import Connection, Ledger
    from tasks.act import Act
    from tasks.deeds.frame import OpenDeed


@does("suspend")
def suspend(ledger: Ledger, key: str, act: Act, *, reason: str) -> None:
    """Stop the clock (中止): no rung falls until the duty is resumed, and no meeting is planned."""
    with open_deed(ledger, "suspend", key, act, reason=reason) as deed:
        notices = deed.notify(f"suspended:{deed.nth('suspended')}", ["performer", "lead"])
        facts, *rows = call_off(deed, to=["participants"], sender=ledger.settings.sender)
        deed.record({"suspended_on": act.on, **facts}, *notices, *rows)


@does("resume")
def resume(ledger: Ledger, key: str, act: Act, *, reason: str = "", document: str = "") -> None:
    """Restart the clock: the due date moves by the days it stood, as a new version.

    Rungs of those days are skipped, and slips in draft, which name the old date, are withdrawn.
    The reason kept with the old date defaults to the interval of the two days. Where the plan's
    text fixed the date, its move without a `document` is marked as such.
    """
    with open_deed(ledger, "resume", key, act, reason=reason, document=document) as deed:
        since = deed.duty.suspended_on or act.on
        why = deed.fields["reason"] or f"{since}/{act.on}"
        moved = move(deed, deed.duty.due_on + (act.on - since), entry="resumed", reason=why)
        notices = deed.notify(f"resumed:{deed.nth('resumed')}", ["performer", "lead"])
        facts = moved.facts | {"suspended_on": None, "asked_on": None}
        more = (moved.old_date, *deed.withdraw_slips(), *notices)
        deed.record(facts, *more, days=(act.on - since).days)
        deed.wake(told_through=act.on)


@does("waive")
def waive(ledger: Ledger, key: str, act: Act, *, reason: str, document: str) -> None:
    """Waive the duty (免辦) by a document, which the entry names; also before it opens."""
    with open_deed(ledger, "waive", key, act, reason=reason, document=document) as deed:
        notices = deed.notify("waived", ["performer", "lead"])
        facts, *rows = call_off(deed, to=["participants"], sender=ledger.settings.sender)
        deed.record({"waived_on": act.on, **facts}, *deed.end(), *notices, *rows)


@does("correct-order")
def correct_order(
    ledger: Ledger,
    key: str,
    act: Act,
    *,
    reason: str,
    title: str = "",
    due_on: dt.date | None = None,
    source: str = "",
    document: str = "",
    dated_on: dt.date | None = None,
    participants: Sequence[str] = (),
) -> None:
    """Correct what the office assigned beside the plan; what is left out stays as it is.

    The `participants` come to those it has. A moved due date is a new version, and drafts of slips
    are withdrawn. Of one that recurs the source is corrected for every period, the rest for this.
    ConflictError for a due date that has passed, or a source of a day to come.
    """
    fields: dict[str, object] = {"reason": reason, "title": title, "due_on": due_on}
    fields |= {"source": source, "document": document, "dated_on": dated_on}
    fields["participants"] = tuple(participants)
    with open_deed(ledger, "correct-order", key, act, **fields) as deed:
        _check_days(deed, due_on, dated_on)
        facts, rows = _corrected(deed)
        if deed.duty.opened_on is not None:
            event = f"order-corrected:{deed.nth('order-corrected')}"
            rows += deed.notify(event, ["performer", "lead", "participants"])
        deed.record(facts, *rows)
        if "due_on" in facts:
            deed.wake()


def _check_days(deed: OpenDeed, due_on: dt.date | None, dated_on: dt.date | None) -> None:
    on = deed.act.on
    if due_on is not None and due_on < max(on, deed.duty.opens_on):
        raise ConflictError("assign-past", due_on=due_on, on=max(on, deed.duty.opens_on))
    if dated_on is not None and dated_on > on:
        raise ConflictError("assign-ahead", dated_on=dated_on, on=on)


def _corrected(deed: OpenDeed) -> tuple[dict[str, object], list[Change]]:
    """Return the new facts of the duty, and the other rows that change."""
    duty, fields = deed.duty, deed.fields
    more = [a for a in fields["participants"] if a not in {duty.performer, *duty.participants}]
    check_bodies(deed.tx.conn, more)
    facts: dict[str, object] = {"title": fields["title"]} if fields["title"] else {}
    facts |= {"participants": (*duty.participants, *more)} if more else {}
    deed.duty = duty.model_copy(update=facts)
    names = ("source", "document", "dated_on")
    source = {name: fields[name] for name in names if fields[name]}
    assignment = assignments.of_duty(deed.tx.conn, duty.key)
    rows = [Change("assignments", assignment.duty, source)] if source and assignment else []
    if fields["due_on"] and fields["due_on"] != duty.due_on:
        moved = move(deed, fields["due_on"], entry="order-corrected", reason=fields["reason"])
        rows += [moved.old_date, *deed.withdraw_slips()]
        facts |= moved.facts
    return facts, rows


def check_bodies(conn: Connection, ids: Iterable[str]) -> None:
    """Raise NotFoundError for an unknown agency, ConflictError for one that ended or is a group."""
    registered = contacts.agencies(conn)
    for agency in ids:
        if agency not in registered:
            raise NotFoundError("agency-unknown", agency=agency)
        if agencies.ended_on(conn, agency) or registered[agency].kind == "open-group":
            raise ConflictError("assign-to-nobody", agency=registered[agency].name)
