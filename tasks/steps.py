"""The steps of a sweep, once, in the order they run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tasks.anchor import anchor
from tasks.escalate import escalate
from tasks.materialise import materialise
from tasks.opening import open_duties
from tasks.remind import remind

if TYPE_CHECKING:
    from collections.abc import Callable

    from ledger.session import Ledger
    from tasks.tick import Counts, Tick

STEPS: tuple[Callable[[Ledger, Tick], Counts], ...] = (
    materialise,
    open_duties,
    remind,
    escalate,
    anchor,
)
