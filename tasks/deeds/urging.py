"""Urging by the office (催辦), beside the ladder and on any day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tasks.deeds.frame import open_deed
from tasks.deeds.registry import does

if TYPE_CHECKING:
    from ledger.session import Ledger
    from tasks.act import Act


@does("urge")
def urge(ledger: Ledger, key: str, act: Act, *, text: str = "") -> None:
    """Urge the performer, and the lead where it is another, once a day; the ladder goes on.

    `text` goes into the recipient's letter of today, or of tomorrow if today's has left already.
    """
    with open_deed(ledger, "urge", key, act, text=text) as deed:
        deed.record({}, *deed.notify(f"urged:{act.on}", ["performer", "lead"], today=True))
