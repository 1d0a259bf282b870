"""Decisions of the demonstration about what was filed: returned, accepted, closed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tasks.deeds import deciding
from tasks.demo.cast import meetings, reporting
from tasks.demo.cast.performing import DECIDES
from tasks.tick import Counts

if TYPE_CHECKING:
    from tasks.demo.cast.scene import Scene


def judge(scene: Scene) -> Counts:
    """Correct what was filed, assign what a meeting decided, then decide about the filing."""
    counts = reporting.correct(scene)
    counts.update(meetings.decide(scene))
    counts.update(_decide(scene))
    return counts


def _decide(scene: Scene) -> Counts:
    """Return a first submission, or accept it as the lead, or close the duty out."""
    duty, ledger = scene.duty, scene.ledger
    if not scene.past(duty.accepted_on or duty.filed_on, DECIDES):
        return Counts()
    if scene.script.trait == "returned" and duty.filings == 1:
        reason = "(演示)材料不齊,請補充後重新報送。"
        deciding.give_back(ledger, duty.key, scene.office(), reason=reason)
        return Counts(returned=1)
    if duty.lead != duty.performer and duty.accepted_on is None:
        deciding.accept(ledger, duty.key, scene.by(duty.lead))
        return Counts(accepted=1)
    deciding.close(ledger, duty.key, scene.office())
    return Counts(closed=1)
