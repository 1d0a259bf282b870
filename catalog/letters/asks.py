"""Asks: the one thing a duty asks of each recipient of a letter, and the news that is settled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, get_args

from catalog.duties.deeds import DEEDS
from catalog.duties.standing import behind_pace, returned, stopped, under_review

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from catalog.duties.standing import Facts
    from catalog.ladder.rungs import Rung

# From the most pressing to the least. A `file` past its due date comes before the others.
Ask = Literal[
    "mend",
    "release",
    "decide",
    "accept",
    "file",
    "sign",
    "report",
    "deliver",
    "follow-up",
    "attend",
    "support",
    "know",
]
ASKS: tuple[Ask, ...] = get_args(Ask)
# What a recipient is to a duty; an `outsider` has no part in it any more.
Part = Literal["performer", "lead", "participant", "office", "outsider"]

# The events of a duty, with what its notice asks of the reader: to act, to decide, or to know.
EVENTS: Mapping[str, Literal["act", "decide", "know"]] = {
    **{deed.entry: deed.tells for deed in DEEDS.values() if deed.tells},
    "amended": "act",
    "copied": "know",
    "named": "act",
    "prepared-event": "know",
    "prepared-meeting": "know",
    "prepared-report": "know",
    "problem": "decide",
    "reinstated": "act",
    "relieved": "know",
    "succeeded": "act",
}


class Matter(NamedTuple):
    """The matter of a notice: an event, or the condition of a rung (`open`, `before`, `draft`...).

    `since` is the first day on which a word answers it, where it asks for one. `is_current` tells
    whether it is about the present due date. `is_open` is false once the very thing it asks for
    was done: its request decided, its problem answered, its slip released.
    """

    name: str
    since: date | None = None
    is_current: bool = True
    is_open: bool = True


class State(NamedTuple):
    """A duty at the end of the day `on`."""

    facts: Facts
    on: date
    lead_performs: bool = True
    is_accepted: bool = False
    is_refused: bool = False
    planned_on: date | None = None

    @property
    def is_over(self) -> bool:
        """Whether it is waived or closed."""
        ends = (self.facts.waived_on, self.facts.closed_on)
        return any(day is not None and day <= self.on for day in ends)

    @property
    def is_paused(self) -> bool:
        """Whether its clock stands still."""
        day = self.facts.suspended_on
        return not self.is_over and day is not None and day <= self.on

    @property
    def is_filed(self) -> bool:
        """Whether a filing waits for the lead or the office."""
        return not self.is_over and not self.is_paused and under_review(self.facts, self.on)

    @property
    def is_returned(self) -> bool:
        """Whether the last filing came back."""
        return not stopped(self.facts, self.on) and returned(self.facts, self.on)

    @property
    def is_late(self) -> bool:
        """Whether it is past its due date."""
        return self.on > self.facts.due_on

    @property
    def is_unsigned(self) -> bool:
        """Whether nobody has acknowledged it."""
        day = self.facts.acknowledged_on
        return day is None or day > self.on

    @property
    def is_running(self) -> bool:
        """Whether its performer can act: it has begun, and nobody else has the next word."""
        begun = self.facts.opens_on <= self.on
        return begun and not self.is_refused and not stopped(self.facts, self.on)


class _Rule(NamedTuple):
    """The asks of a matter by part, and the condition that settles it.

    A signature settles it for the performer where it `is_new` to them.
    """

    asks: Mapping[Part, Ask]
    is_settled: Callable[[Matter, State], bool]
    is_new: bool = False


def ask(matter: Matter, part: Part, state: State) -> Ask | None:
    """Return what `matter` asks of a recipient, None if it is settled or none of theirs.

    Nobody is asked for what they cannot do (docs/rules.md, Letters).
    """
    rule = _rule(matter.name)
    if part not in rule.asks or rule.is_settled(matter, state):
        return None
    base = rule.asks[part]
    match base:
        case "mend" | "file" | "sign" | "report" | "deliver":
            return _of_the_performer(base, state, is_new=rule.is_new)
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


def most_pressing(asks: tuple[Ask, ...]) -> Ask:
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


_READERS: tuple[Part, ...] = ("performer", "lead", "participant", "office")
_KNOW: Mapping[Part, Ask] = dict.fromkeys(_READERS, "know")
_FOLLOWED: Mapping[Part, Ask] = {"lead": "follow-up", "office": "follow-up"}
_ANYBODY: Mapping[Part, Ask] = {**_KNOW, "outsider": "know"}


_TAKEN_UP: Mapping[Part, Ask] = {**_KNOW, "performer": "sign", "participant": "support"}


_RULES: Mapping[str, _Rule] = {
    # The ladder's rungs, by their condition.
    "open": _Rule(_TAKEN_UP, _idle, is_new=True),
    "unsigned": _Rule({**_FOLLOWED, "performer": "sign"}, _signed),
    "before": _Rule({**_FOLLOWED, "performer": "file", "participant": "support"}, _moved),
    "late": _Rule({**_FOLLOWED, "performer": "file", "participant": "support"}, _not_late),
    "pace": _Rule({**_FOLLOWED, "performer": "deliver", "participant": "support"}, _caught_up),
    "progress": _Rule({**_FOLLOWED, "performer": "report"}, _answered),
    "silent": _Rule({**_FOLLOWED, "performer": "report"}, _answered),
    "draft": _Rule(
        {"office": "release"},
        lambda m, s: not (m.is_open and m.is_current) or stopped(s.facts, s.on),
    ),
    # Events.
    "accepted": _Rule({**_KNOW, "office": "decide"}, lambda _, s: not s.is_filed),
    "amended": _Rule({**_KNOW, "performer": "sign"}, _over),
    "closed": _Rule(_KNOW, _never),
    "closed-not-done": _Rule(_KNOW, _never),
    "copied": _Rule(_ANYBODY, _over),
    "extension-asked": _Rule({**_KNOW, "office": "decide"}, _decided),
    "extension-granted": _Rule(_KNOW, _over),
    "extension-refused": _Rule(
        {**_KNOW, "performer": "file"}, lambda m, s: _idle(m, s) or not m.is_current
    ),
    "filed": _Rule({**_KNOW, "lead": "accept", "office": "decide"}, lambda _, s: not s.is_filed),
    "meeting-planned": _Rule({**_KNOW, **dict.fromkeys(_READERS[:3], "attend")}, _met),
    "meeting-called-off": _Rule(_ANYBODY, lambda _, s: s.planned_on is not None),
    "named": _Rule(_TAKEN_UP, _idle, is_new=True),
    "problem": _Rule({**_KNOW, "office": "decide"}, lambda m, _: not m.is_open),
    "problem-answered": _Rule(_ANYBODY, _never),
    "reassigned": _Rule(_TAKEN_UP, _idle, is_new=True),
    "refused": _Rule({**_KNOW, "office": "decide"}, lambda _, s: s.is_over or not s.is_refused),
    "reinstated": _Rule(_TAKEN_UP, _idle),
    "relieved": _Rule({"outsider": "know"}, _never),
    "resumed": _Rule({**_KNOW, "performer": "file"}, _idle),
    "returned": _Rule({**_KNOW, **_FOLLOWED, "performer": "mend"}, lambda _, s: not s.is_returned),
    "succeeded": _Rule(_TAKEN_UP, _idle),
    "suspended": _Rule(_KNOW, lambda _, s: not s.is_paused),
    "urged": _Rule({**_FOLLOWED, "performer": "report"}, _spoken),
    "waived": _Rule(_KNOW, lambda _, s: s.facts.waived_on is None),
    **{event: _Rule(_KNOW, _idle) for event in EVENTS if event.startswith("prepared-")},
}
# Events without a rule of their own, by what their deed declares.
_DECLARED: Mapping[str, _Rule] = {
    "act": _Rule({**_KNOW, "performer": "file"}, _idle),
    "decide": _Rule({**_KNOW, "office": "decide"}, _decided),
    "know": _Rule(_ANYBODY, _never),
}


def _rule(name: str) -> _Rule:
    return _RULES.get(name) or _DECLARED[EVENTS.get(name, "know")]
