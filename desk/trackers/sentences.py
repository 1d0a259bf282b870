"""Sentences of the preview: what a row becomes, and why one is left out."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from catalog.wording import say, spell
from tasks.past.settling import Settlement
from tasks.plans.assigning import Order
from tasks.trackers.uses.progress_rows import WORDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tasks.trackers.uses.row import Row, Said


def becomes(lang: str, row: Row, names: Mapping[str, str]) -> list[str]:
    """Return what becomes of a ready row."""
    deed = row.deed
    if deed is None:
        return []
    if isinstance(deed, Settlement):
        day = spell(lang, deed.done_on) if deed.done_on else ""
        values = {"on": day, "document": deed.document, "reason": deed.reason}
        return [say(lang, f"trackers.becomes-{deed.outcome}", **values)]
    if isinstance(deed, Order):
        key = "trackers.becomes-order" if deed.recurrence == "once" else "trackers.becomes-orders"
        turn = say(lang, f"trackers.every-{deed.recurrence}") if deed.recurrence != "once" else ""
        due = spell(lang, deed.due_on)
        return [say(lang, key, to=names.get(deed.to, deed.to), due=due, turn=turn)]
    words = [(name, getattr(deed, name)) for name in WORDS if getattr(deed, name)]
    sentences = [f"{say(lang, f'column.{name}')}: {text}" for name, text in words]
    if deed.agency:
        agency = names.get(deed.agency, deed.agency)
        sentences.append(say(lang, "imports.relayed", agency=agency))
    return sentences


def notes(lang: str, remarks: tuple[Said, ...]) -> list[str]:
    """Return the remarks on a row."""
    return [say(lang, note.key, **_with_days(lang, note.values)) for note in remarks]


def _with_days(lang: str, values: Mapping[str, object]) -> dict[str, object]:
    return {n: spell(lang, v) if isinstance(v, dt.date) else v for n, v in values.items()}
