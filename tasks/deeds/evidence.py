"""What deeds do with evidence: ask for what the rule wants, and keep it with what it proves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalog.duties.evidence_rules import missing, required
from catalog.errors import ConflictError, NotFoundError
from ledger.proof import evidence
from ledger.store.changes import Change

if TYPE_CHECKING:
    from collections.abc import Sequence

    from catalog.duties.evidence_rules import Label
    from ledger.duties.duties import Duty
    from ledger.proof.evidence import EvidenceFile
    from ledger.session import Ledger
    from tasks.deeds.frame import Doing
    from tasks.in_force import InForce


def labels_wanted(edition: InForce, duty: Duty) -> tuple[Label, ...]:
    """Return the labels a filing of `duty` must bring, by the edition in force."""
    try:
        declared = edition.plan.obligation(duty.obligation).evidence
    except NotFoundError:  # the edition in force has dropped the obligation
        declared = None
    return required(duty.kind, declared)


def require(it: Doing, files: Sequence[EvidenceFile]) -> None:
    """Refuse a filing that lacks evidence: ConflictError names the first label missing.

    What the delivered items of a quota brought counts, and so does the source of a reading; what
    came with a filing that was given back does not.
    """
    there = {file.kind for file in files} | evidence.brought(it.tx.conn, it.duty.key)
    lacking = missing(labels_wanted(it.edition, it.duty), there)
    if lacking:
        said = {"deed": "file", "key": it.duty.key, "user": it.act.user}
        raise ConflictError(f"rule-evidence-{lacking[0]}", **said)


def attach(
    ledger: Ledger,
    it: Doing,
    files: Sequence[EvidenceFile],
    *,
    submission: str | None = None,
    item: str | None = None,
) -> list[Change]:
    """Keep `files` for good and return their rows, of one filing or of one delivered item.

    They are on the disk when this returns, before any entry names them. The rows belong into the
    entry of the deed, after the row of the filing or item.
    """
    for file in files:
        ledger.evidence.keep(file)
    parent = {"duty": it.duty.key, "submission": submission, "item": item}
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
