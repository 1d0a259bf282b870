"""What the performer of a duty does: sign for it, report on it, refuse it, file that it is done."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from catalog.duties.quota import shortfall
from ledger.duties import life
from ledger.store.changes import Change
from tasks.deeds.evidence import attach, require
from tasks.deeds.frame import doing
from tasks.deeds.registry import does

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from catalog.roles import Addressee
    from ledger.proof.evidence import EvidenceFile
    from ledger.session import Ledger
    from tasks.act import Act
    from tasks.deeds.frame import Doing


@does("acknowledge")
def acknowledge(ledger: Ledger, key: str, act: Act) -> None:
    """Sign for the duty (簽收): its performer has received it, and is no longer asked to."""
    with doing(ledger, "acknowledge", key, act) as it:
        it.record({"acknowledged_on": act.on})


@does("refuse")
def refuse(ledger: Ledger, key: str, act: Act, *, reason: str) -> None:
    """Say that the duty has come to the wrong agency; it goes back to the office.

    Until the office reassigns it, to another or to the same, nothing can be filed, and the ladder
    goes on: a refusal does not stop the clock.
    """
    with doing(ledger, "refuse", key, act, reason=reason) as it:
        told = it.tell(f"refused:{it.nth('refused')}", ["office", "lead"])
        it.record({"refused_on": act.on}, *told)


@does("progress")
def progress(ledger: Ledger, key: str, act: Act, *, text: str) -> None:
    """Report how far the work has come; it changes no standing and stops no reminder."""
    with doing(ledger, "progress", key, act, text=text) as it:
        it.record({}, remark(it, "progress"))


def next_step(ledger: Ledger, key: str, act: Act, *, text: str) -> None:
    """Say what will be done next (下一步工作); whoever may report progress may."""
    with doing(ledger, "progress", key, act, text=text) as it:
        it.record({}, remark(it, "next_step"), entry="planned")


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
    """Record one item of a quota: a meeting held, an event run, on `held_on` (today unless said).

    It is refused for a duty without a quota, and for a day still to come. What proves it may come
    with it, or with the filing.
    """
    said = {"title": title, "place": place, "held_on": held_on or act.on}
    with doing(ledger, "deliver-item", key, act, **said) as it:
        number = it.duty.delivered + 1
        values = {
            "duty": key,
            "held_on": it.said["held_on"],
            "place": it.said["place"],
            "title": it.said["title"],
            "recorded_at": act.at,
            "recorded_by": act.user,
        }
        item = hashlib.sha256(f"{key}|{number}".encode()).hexdigest()[:16]
        row = Change("items", item, values, "insert")
        proofs = attach(ledger, it, evidence, item=item)
        it.record({"delivered": number}, row, *proofs)


@does("file")
def file_submission(
    ledger: Ledger,
    key: str,
    act: Act,
    *,
    summary: str,
    evidence: Sequence[EvidenceFile] = (),
) -> None:
    """File that the duty is done (報送): the ladder rests until the filing is given back.

    It is refused without the evidence its obligation asks for. A quota that is not full may be
    filed all the same: how many are missing is recorded with the filing and shown, and the office
    decides whether that is enough.
    """
    with doing(ledger, "file", key, act, summary=summary) as it:
        require(it, evidence)
        number = it.duty.filings + 1
        facts = {"filed_on": act.on, "returned_on": None, "accepted_on": None, "filings": number}
        filing = _filing(it, number)
        submission = life.numbered(key, "submission", number)
        proofs = attach(ledger, it, evidence, submission=submission)
        it.record(facts, *filing, *proofs, number=number, **_missing(it))


def remark(it: Doing, kind: str) -> Change:
    """Return the row of something said about the duty."""
    number = len(life.remarks(it.tx.conn, it.duty.key)) + 1
    values = {
        "duty": it.duty.key,
        "number": number,
        "kind": kind,
        "said_on": it.act.on,
        "said_by": it.act.user,
        "text": it.said["text"],
    }
    return Change("remarks", life.numbered(it.duty.key, "remark", number), values, "insert")


def _filing(it: Doing, number: int) -> list[Change]:
    values = {
        "duty": it.duty.key,
        "number": number,
        "filed_on": it.act.on,
        "filed_by": it.act.user,
        "summary": it.said["summary"],
    }
    submission = life.numbered(it.duty.key, "submission", number)
    judge: Addressee = "office" if it.duty.lead == it.duty.performer else "lead"
    row = Change("submissions", submission, values, "insert")
    return [row, *it.withdraw_slips(), *it.tell(f"filed:{number}", [judge])]


def _missing(it: Doing) -> dict[str, Any]:
    missing = shortfall(it.duty.quota_min or 0, it.duty.delivered)
    return {"shortfall": missing} if missing else {}
