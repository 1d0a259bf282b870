"""How the office presses by hand (催辦), beside the ladder and on any day of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tasks.deeds.frame import doing
from tasks.deeds.registry import does

if TYPE_CHECKING:
    from ledger.session import Ledger
    from tasks.act import Act


@does("urge")
def urge(ledger: Ledger, key: str, act: Act, *, text: str = "") -> None:
    """Urge the performer, and the lead where it is another, once a day; the ladder goes on.

    It leaves today with `text`, in the one letter of the recipient's day; where that has left
    already, in tomorrow's.
    """
    with doing(ledger, "urge", key, act, text=text) as it:
        it.record({}, *it.tell(f"urged:{act.on}", ["performer", "lead"], today=True))
