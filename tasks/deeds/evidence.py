"""Evidence in deeds: required for a filing, and stored with the filing or item it proves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from catalog.duties.evidence_rules import missing, required
from catalog.errors import ConflictError, NotFoundError
from ledger.proof import evidence
from ledger.store.changes import Change
from tasks.basic_data import lacking as values_lacking
from tasks.shares import handed_out, shares
from tasks.shares import lacking as shares_lacking

if TYPE_CHECKING:
    from collections.abc import Sequence

    from catalog.duties.evidence_rules import Label
    from catalog.plans.model import Plan
    from ledger.duties.duties import Duty
    from ledger.proof.evidence import EvidenceFile
    from ledger.session import Ledger
    from tasks.deeds.frame import OpenDeed
    from tasks.in_force import InForce


def required_labels(edition: InForce, duty: Duty) -> tuple[Label, ...]:
    """Return the labels a filing of `duty` must bring, by the edition in force."""
    if duty.obligation in edition.beside:
        return required(duty.kind, edition.obligation_of(duty).evidence)
    try:
        declared = edition.plan.obligation(duty.obligation).evidence
    except NotFoundError:  # the edition in force has dropped the obligation
        declared = None
    return required(duty.kind, declared)


def require(deed: OpenDeed, files: Sequence[EvidenceFile]) -> None:
    """Refuse a filing that lacks evidence: ConflictError names the first label missing.

    Evidence of delivered items and the source of a reading count; evidence of a returned filing
    does not. A duty that hands out shares, or brings basic data, is proved by these.
    """
    values = {"deed": "file", "key": deed.duty.key, "user": deed.act.user}
    if figures := proved_by(deed.edition.plan, deed.duty):
        if _lacks_figures(deed, figures):
            raise ConflictError(f"rule-{figures}-first", **values)
        return
    labels = {file.kind for file in files} | evidence.other_labels(deed.tx.conn, deed.duty.key)
    missing_labels = missing(required_labels(deed.edition, deed.duty), labels)
    if missing_labels:
        raise ConflictError(f"rule-evidence-{missing_labels[0]}", **values)


def proved_by(plan: Plan, duty: Duty) -> Literal["", "shares", "indicators"]:
    """Return the figures that prove the duty in place of evidence, "" where evidence does."""
    year = int(duty.period) if duty.period.isdecimal() else 0
    if handed_out(plan, duty.obligation, year):
        return "shares"
    is_data = bool(plan.indicators) and plan.indicators_by == duty.obligation
    return "indicators" if is_data and year else ""


def _lacks_figures(deed: OpenDeed, figures: str) -> bool:
    plan, duty, conn = deed.edition.plan, deed.duty, deed.tx.conn
    if figures == "shares":
        parts = shares(conn, plan)
        return bool(shares_lacking(plan, duty.obligation, int(duty.period), parts))
    return bool(values_lacking(conn, plan, int(duty.period)).get(duty.party or ""))


def attach(
    ledger: Ledger,
    deed: OpenDeed,
    files: Sequence[EvidenceFile],
    *,
    submission: str | None = None,
    item: str | None = None,
) -> list[Change]:
    """Store `files` for good and return their rows, for one filing or one delivered item.

    They are on the disk when this returns, before any entry names them. The rows go into the entry
    of the deed, after the row of the filing or item.
    """
    for file in files:
        ledger.evidence.keep(file)
    parent = {"duty": deed.duty.key, "submission": submission, "item": item}
    return [_row(parent, number, file) for number, file in enumerate(files, 1)]


def _row(parent: dict[str, str | None], number: int, file: EvidenceFile) -> Change:
    values = {
        **parent,
        "kind": file.kind,
        "name": file.name,
        "media_type": file.media_type,
        "size": file.size,
        "sha256": file.sha256,
    }
    owner = parent["submission"] or parent["item"] or parent["duty"]
    return Change("evidence", f"{owner}#evidence-{number}", values, "insert")
