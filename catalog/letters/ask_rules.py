"""Rules of matters: what each asks of each part, and what settles it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from catalog.duties.standing import behind_pace, stopped
from catalog.letters.matters import EVENTS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from catalog.letters.matters import Ask, Matter, Part, State


class Rule(NamedTuple):
    """The asks of a matter by part, and the condition that settles it.

    A signature settles it for the performer where it `is_new` to them.
    """

    asks: Mapping[Part, Ask]
    is_settled: Callable[[Matter, State], bool]
    is_new: bool = False


def _over(_: Matter, state: State) -> bool:
    return state.is_over


def _idle(_: Matter, state: State) -> bool:
    """Tell whether there is nothing to remind of: the next word is another's."""
    return state.is_refused or stopped(state.facts, state.on)


def _signed(matter: Matter, state: State) -> bool:
    return _idle(matter, state) or not state.is_unsigned


def _moved(matter: Matter, state: State) -> bool:
    return _idle(matter, state) or not matter.is_current


def _not_late(matter: Matter, state: State) -> bool:
    return _moved(matter, state) or not state.is_late


def _caught_up(matter: Matter, state: State) -> bool:
    return _idle(matter, state) or not behind_pace(state.facts, state.on)


def _spoken(matter: Matter, state: State) -> bool:
    day = state.facts.spoken_on
    answered = day is not None and matter.since is not None and matter.since <= day <= state.on
    return _idle(matter, state) or answered or not matter.is_open


def _answered(matter: Matter, state: State) -> bool:
    return _spoken(matter, state) or state.on >= state.facts.due_on


def _decided(matter: Matter, state: State) -> bool:
    return state.is_over or not matter.is_open


def _met(matter: Matter, state: State) -> bool:
    is_past = state.planned_on is None or state.planned_on < state.on
    return _decided(matter, state) or is_past


def _never(_: Matter, __: State) -> bool:
    return False


def _unknown(matter: Matter, _: State) -> bool:
    """Tell whether the recipient never heard of what ended."""
    return not matter.is_open


_READERS: tuple[Part, ...] = ("performer", "lead", "participant", "office")
_KNOW: Mapping[Part, Ask] = dict.fromkeys(_READERS, "know")
_FOLLOWED: Mapping[Part, Ask] = {"lead": "follow-up", "office": "follow-up"}
_ANYBODY: Mapping[Part, Ask] = {**_KNOW, "outsider": "know"}


_TAKEN_UP: Mapping[Part, Ask] = {**_KNOW, "performer": "sign", "participant": "support"}


_RULES: Mapping[str, Rule] = {
    # The ladder's rungs, by their condition.
    "open": Rule(_TAKEN_UP, _idle, is_new=True),
    "unsigned": Rule({**_FOLLOWED, "performer": "sign"}, _signed),
    "before": Rule({**_FOLLOWED, "performer": "file", "participant": "support"}, _moved),
    "late": Rule({**_FOLLOWED, "performer": "file", "participant": "support"}, _not_late),
    "pace": Rule({**_FOLLOWED, "performer": "deliver", "participant": "support"}, _caught_up),
    "progress": Rule({**_FOLLOWED, "performer": "report"}, _answered),
    "silent": Rule({**_FOLLOWED, "performer": "report"}, _answered),
    "draft": Rule(
        {"office": "release"},
        lambda m, s: not (m.is_open and m.is_current) or stopped(s.facts, s.on),
    ),
    # Events.
    "accepted": Rule({**_KNOW, "office": "decide"}, lambda _, s: not s.is_filed),
    "amended": Rule({**_KNOW, "performer": "sign"}, _over),
    "closed": Rule(_KNOW, _never),
    "closed-not-done": Rule(_KNOW, _unknown),
    "copied": Rule(_ANYBODY, _over),
    "extension-asked": Rule({**_KNOW, "office": "decide"}, _decided),
    "extension-granted": Rule(_KNOW, _over),
    "extension-refused": Rule(
        {**_KNOW, "performer": "file"}, lambda m, s: _idle(m, s) or not m.is_current
    ),
    "filed": Rule({**_KNOW, "lead": "accept", "office": "decide"}, lambda _, s: not s.is_filed),
    "meeting-planned": Rule({**_KNOW, **dict.fromkeys(_READERS[:3], "attend")}, _met),
    "meeting-called-off": Rule(_ANYBODY, lambda m, s: s.planned_on is not None or not m.is_open),
    "named": Rule(_TAKEN_UP, _idle, is_new=True),
    "order-corrected": Rule(_KNOW, _over),
    "problem": Rule({**_KNOW, "office": "decide"}, lambda m, _: not m.is_open),
    "problem-answered": Rule(_ANYBODY, _never),
    "reassigned": Rule(_TAKEN_UP, _idle, is_new=True),
    "refused": Rule({**_KNOW, "office": "decide"}, lambda _, s: s.is_over or not s.is_refused),
    "reinstated": Rule(_TAKEN_UP, _idle),
    "relieved": Rule({"outsider": "know"}, _unknown),
    "resumed": Rule({**_KNOW, "performer": "file"}, _idle),
    "returned": Rule({**_KNOW, **_FOLLOWED, "performer": "mend"}, lambda _, s: not s.is_returned),
    "succeeded": Rule(_TAKEN_UP, _idle),
    "suspended": Rule(_KNOW, lambda _, s: not s.is_paused),
    "taken-up": Rule(_TAKEN_UP, _idle, is_new=True),
    "urged": Rule({**_FOLLOWED, "performer": "report"}, _spoken),
    "waived": Rule(_KNOW, lambda m, s: _unknown(m, s) or s.facts.waived_on is None),
    **{event: Rule(_KNOW, _idle) for event in EVENTS if event.startswith("prepared-")},
}
# Events without a rule of their own, by what their deed declares.
_DECLARED: Mapping[str, Rule] = {
    "act": Rule({**_KNOW, "performer": "file"}, _idle),
    "decide": Rule({**_KNOW, "office": "decide"}, _decided),
    "know": Rule(_ANYBODY, _never),
}


def rule(name: str) -> Rule:
    """Return the rule of a matter, of an event without one by what its deed declares."""
    return _RULES.get(name) or _DECLARED[EVENTS.get(name, "know")]
