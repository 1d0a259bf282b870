"""The part of each duty in the script: when its performer acts, and the trait that marks it."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from catalog.dates.workdays import Workdays
    from ledger.duties.duties import Duty

Temper = Literal["prompt", "late", "silent"]
Trait = Literal["returned", "extended", "troubled", "plain"]

# Everybody else is prompt. Invented for the demonstration: it says nothing about the real agencies.
TEMPERS: dict[str, Temper] = {
    "zhaoqing": "silent",
    "foshan": "late",
    "jiangmen": "late",
    "economy": "late",
    "ports": "late",
}
CORRECTS = "huizhou"  # the city that corrects what it reported
TRAITS: tuple[Trait, ...] = ("returned", "extended", "troubled")  # one duty in ten each


class Part(NamedTuple):
    """The script of one duty: the days its performer acts, and the trait that marks it."""

    signs_on: dt.date
    files_on: dt.date
    items: int
    trait: Trait = "plain"


def part(duty: Duty, workdays: Workdays) -> Part | None:
    """Return the script of `duty`, by its performer's temper and its key; None if silent."""
    temper = TEMPERS.get(duty.performer, "prompt")
    number = int(hashlib.sha256(duty.key.encode()).hexdigest()[:8], 16)
    spread, lot = number % 10, number // 10 % 10
    trait = TRAITS[lot] if lot < len(TRAITS) else "plain"
    needed = duty.quota_min or 0
    if temper == "silent":
        return None
    if temper == "late" or spread == 0:
        files_on = workdays.roll_forward(duty.due_on + dt.timedelta(3 + 2 * spread))
        return Part(workdays.add(duty.opens_on, 7), files_on, needed, trait)
    files_on = workdays.roll_back(duty.due_on - dt.timedelta(2 + spread))
    signs_on = workdays.add(duty.opens_on, 1 + spread % 3)
    return Part(signs_on, max(files_on, signs_on), needed, trait)
