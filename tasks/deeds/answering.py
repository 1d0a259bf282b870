"""Deeds of the performer: acknowledge, refuse, report progress, deliver items, file."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from catalog.duties.quota import shortfall
from ledger.duties import life
from ledger.store.changes import Change
from tasks.deeds import held_days
from tasks.deeds.evidence import attach, require
from tasks.deeds.frame import open_deed
from tasks.deeds.registry import does

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from catalog.role_names import Addressee
    from ledger.proof.evidence import EvidenceFile
    from ledger.session import Ledger
    from tasks.act import Act
    from tasks.deeds.frame import OpenDeed


@does("acknowledge")
def acknowledge(ledger: Ledger, key: str, act: Act) -> None:
    """Acknowledge the duty (簽收): its performer has received it, and needs no more reminders."""
    with open_deed(ledger, "acknowledge", key, act) as deed:
        deed.record({"acknowledged_on": act.on})


@does("refuse")
def refuse(ledger: Ledger, key: str, act: Act, *, reason: str) -> None:
    """Refuse the duty as given to the wrong agency; it goes back to the office.

    Until the office reassigns it, to another agency or the same, nothing can be filed. The ladder
    goes on: a refusal does not stop the clock.
    """
    with open_deed(ledger, "refuse", key, act, reason=reason) as deed:
        notices = deed.notify(f"refused:{deed.nth('refused')}", ["office", "lead"])
        deed.record({"refused_on": act.on}, *notices)


@does("progress")
def progress(ledger: Ledger, key: str, act: Act, *, text: str) -> None:
    """Report progress: it changes no standing, and answers what the ladder asked between."""
    with open_deed(ledger, "progress", key, act, text=text) as deed:
        deed.record({}, remark(deed, "progress"))


def next_step(ledger: Ledger, key: str, act: Act, *, text: str) -> None:
    """Announce the next step (下一步工作); whoever may report progress may do this."""
    with open_deed(ledger, "progress", key, act, text=text) as deed:
        deed.record({}, remark(deed, "next_step"), entry="planned")


@does("deliver-item")
def deliver_item(
    ledger: Ledger,
    key: str,
    act: Act,
    *,
    title: str,
    place: str = "",
    held_on: dt.date | None = None,
    evidence: Sequence[EvidenceFile] = (),
) -> None:
    """Record one item of a quota, such as a meeting or an event, on `held_on` (default: today).

    It is refused for a duty without a quota, and for a future day. Its evidence may come with it,
    or with the filing.
    """
    fields = {"title": title, "place": place, "held_on": held_on or act.on}
    with open_deed(ledger, "deliver-item", key, act, **fields) as deed:
        number = deed.duty.delivered + 1
        values = {
            "duty": key,
            "held_on": deed.fields["held_on"],
            "place": deed.fields["place"],
            "title": deed.fields["title"],
            "recorded_at": act.at,
            "recorded_by": act.user,
        }
        item = hashlib.sha256(f"{key}|{number}".encode()).hexdigest()[:16]
        row = Change("items", item, values, "insert")
        proofs = attach(ledger, deed, evidence, item=item)
        deed.record({"delivered": number, **_no_longer_planned(deed)}, row, *proofs)
        deed.prepare()


@does("file")
def file_submission(
    ledger: Ledger,
    key: str,
    act: Act,
    *,
    summary: str,
    held_on: dt.date | None = None,
    done_on: dt.date | None = None,
    evidence: Sequence[EvidenceFile] = (),
) -> None:
    """File the duty as done (報送): the ladder rests unless the filing is returned.

    It was done on `done_on` (docs/rules.md, The day of doing), by default today; a meeting without
    a quota was held on `held_on`, and a quota was done with the item that filled it.

    It is refused without the evidence that its obligation requires. An incomplete quota may be
    filed: the shortfall is recorded with the filing and shown, and the office decides whether it
    is enough.
    """
    fields = {"summary": summary, "held_on": held_on, "done_on": done_on}
    with open_deed(ledger, "file", key, act, **fields) as deed:
        require(deed, evidence)
        number = deed.duty.filings + 1
        facts: dict[str, Any] = {"filed_on": act.on, "returned_on": None, "accepted_on": None}
        facts |= {"filings": number, **_held(deed)}
        filing = _filing(deed, number)
        submission = life.row_id(key, "submission", number)
        proofs = attach(ledger, deed, evidence, submission=submission)
        deed.record(facts, *filing, *proofs, number=number, **_missing(deed))


def remark(deed: OpenDeed, kind: str) -> Change:
    """Return the row of a remark about the duty."""
    number = life.count(deed.tx.conn, "remarks", deed.duty.key) + 1
    values = {
        "duty": deed.duty.key,
        "number": number,
        "kind": kind,
        "said_on": deed.act.on,
        "said_by": deed.act.user,
        "text": deed.fields["text"],
        **deed.relayed,
    }
    return Change("remarks", life.row_id(deed.duty.key, "remark", number), values, "insert")


def _filing(deed: OpenDeed, number: int) -> list[Change]:
    values = {
        "duty": deed.duty.key,
        "number": number,
        "filed_on": deed.act.on,
        "filed_by": deed.act.user,
        "done_on": held_days.done_on(deed.tx.conn, deed.duty, deed.act, deed.fields),
        "summary": deed.fields["summary"],
        **deed.relayed,
    }
    submission = life.row_id(deed.duty.key, "submission", number)
    judge: Addressee = "office" if deed.duty.lead == deed.duty.performer else "lead"
    row = Change("submissions", submission, values, "insert")
    return [row, *deed.withdraw_slips(), *deed.notify(f"filed:{number}", [judge])]


def _held(deed: OpenDeed) -> dict[str, Any]:
    """Return the day on which a single meeting was held, as a fact of the duty."""
    day = held_days.held_on(deed.duty, deed.act, deed.fields)
    return {"held_on": day} if day else {}


def _no_longer_planned(deed: OpenDeed) -> dict[str, Any]:
    """End the plan of a meeting that was held; the next one of its quota has a day of its own."""
    planned_on, held_on = deed.duty.planned_on, deed.fields["held_on"]
    if planned_on is None or held_on < planned_on:
        return {}
    facts = {"planned_on": None, "planned_place": None}
    deed.duty = deed.duty.model_copy(update=facts)
    return facts


def _missing(deed: OpenDeed) -> dict[str, Any]:
    missing = shortfall(deed.duty.quota_min or 0, deed.duty.delivered)
    return {"shortfall": missing} if missing else {}
