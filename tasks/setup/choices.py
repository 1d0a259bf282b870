"""Choices of the setting up: recorded in the history, undone by a later one, used at the go."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, get_args

from ledger.proof import journal
from tasks.setup.stage import DEED

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from ledger.session import Connection, Ledger

Step = Literal["mail", "agencies", "plan", "people", "start", "past"]
STEPS: tuple[Step, ...] = get_args(Step)


def choices(conn: Connection) -> dict[Step, Mapping[str, Any]]:
    """Return what stands chosen in each step; a step that was undone is left out."""
    entries = {step: journal.last(conn, DEED, subject=_subject(step)) for step in STEPS}
    return {step: e.payload["choice"] for step, e in entries.items() if e and e.payload["choice"]}


def choose(
    ledger: Ledger, step: Step, value: Mapping[str, Any] | None, *, at: dt.datetime, actor: str
) -> None:
    """Record the choice of a step, None to undo it. Nothing else changes before the go."""
    with ledger.transaction() as tx:
        tx.record(DEED, _subject(step), note={"choice": value}, at=at, actor=actor)


def _subject(step: Step) -> str:
    return f"setup/{step}"
