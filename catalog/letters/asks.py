"""Asks: the one thing a notice, or the facts of a duty, ask of a recipient."""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalog.letters.ask_rules import rule
from catalog.letters.matters import ASKS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from catalog.ladder.rungs import Rung
    from catalog.letters.matters import Ask, Matter, Part, State


def ask(matter: Matter, part: Part, state: State) -> Ask | None:
    """Return what `matter` asks of a recipient, None if it is settled or none of theirs.

    Nobody is asked for what they cannot do (docs/rules.md, Letters).
    """
    of_matter = rule(matter.name)
    if part not in of_matter.asks or of_matter.is_settled(matter, state):
        return None
    base = of_matter.asks[part]
    match base:
        case "mend" | "file" | "sign" | "report" | "deliver":
            return _of_the_performer(base, state, is_new=of_matter.is_new)
        case "follow-up":
            return base if _needs_following(matter, state) else "know"
        case "accept" if state.is_accepted:
            return None
        case "decide" if not _can_decide(matter, state):
            return "know"
    return base


def present(part: Part, state: State) -> Ask:
    """Return what the facts alone ask of a part on this day, beside any news."""
    if part == "performer" and state.is_running:
        if state.is_returned:
            return "mend"
        return "file" if state.is_late else "sign" if state.is_unsigned else "know"
    if part == "lead" and state.is_filed and not state.is_accepted and not state.lead_performs:
        return "accept"
    if part == "office" and not state.is_over and (state.is_refused or _waits_for_office(state)):
        return "decide"
    return "know"


def most_pressing(asks: Iterable[Ask]) -> Ask:
    """Return the most pressing of `asks`."""
    return min(asks, key=ASKS.index)


def matter_of_rung(rung: Rung, part: Part) -> str:
    """Return the name of the matter of a ladder's rung for a recipient."""
    if rung.form == "slip" and part == "office":
        return "draft"
    if rung.when != "due":
        return rung.when
    return "late" if rung.days > 0 else "before"


def _of_the_performer(base: Ask, state: State, *, is_new: bool) -> Ask | None:
    """Return the ask as the present facts turn it: a return or a missed date comes first."""
    if is_new and not state.is_unsigned:
        return None
    if not state.is_running:
        return "know"
    if state.is_returned:
        return "mend"
    if state.is_late:
        return "file"
    return "know" if base == "sign" and not state.is_unsigned else base


def _needs_following(matter: Matter, state: State) -> bool:
    """Tell whether the performer owes something that the lead or the office can urge."""
    if not state.is_running:
        return False
    if matter.name not in {"before", "late"}:
        return True
    return state.is_late or state.is_returned or state.is_unsigned


def _waits_for_office(state: State) -> bool:
    return state.is_filed and (state.lead_performs or state.is_accepted)


def _can_decide(matter: Matter, state: State) -> bool:
    if matter.name in {"filed", "accepted"}:
        return _waits_for_office(state)
    return matter.name != "extension-asked" or not state.is_paused
