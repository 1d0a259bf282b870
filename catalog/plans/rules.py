"""Rules between the parts of a plan: ids, references, the term."""

from __future__ import annotations

import zoneinfo
from typing import TYPE_CHECKING, Any, NamedTuple

from catalog.dates.edges import END, START
from catalog.dates.recurrence import RECURRENCES
from catalog.dates.workdays import load_workdays
from catalog.errors import NotFoundError
from catalog.plans.contents import WHOLE_PLAN
from catalog.plans.expand import periods, turn

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from catalog.dates.workdays import Workdays
    from catalog.plans.contents import Contents, Measure, Obligation

At = tuple[str | int, ...]


class Fault(NamedTuple):
    """A broken rule: the wording's key, the place in the plan, and the values of the text."""

    key: str
    at: At
    values: dict[str, Any]


def faults(plan: Contents) -> Iterator[Fault]:
    """Yield the broken rules, in no promised order."""
    yield from _of_the_head(plan)
    yield from _of_the_agencies(plan)
    agencies = {a.id for a in plan.agencies}
    for number, group in enumerate(plan.groups):
        yield from _unknown(("groups", number, "members"), group.members, agencies)
    yield from _twice("measures", "number", (m.number for m in plan.measures))
    yield from _agendas(plan)
    for number, measure in enumerate(plan.measures):
        for fault in _of_a_measure(plan, measure, agencies):
            yield fault._replace(at=("measures", number, *fault.at))
    yield from _of_the_order(plan)


def _of_the_head(plan: Contents) -> Iterator[Fault]:
    if plan.starts_on > plan.ends_on:
        yield Fault("plan-term-order", ("ends_on",), {})
    if plan.issued_on > plan.ends_on:
        yield Fault("plan-outside-term", ("issued_on",), _term(plan, plan.issued_on))
    try:
        zoneinfo.ZoneInfo(plan.zone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        yield Fault("plan-zone-unknown", ("zone",), {"zone": plan.zone})
    try:
        load_workdays(plan.workdays)
    except NotFoundError as error:
        yield Fault(error.key, ("workdays",), error.values)


def _of_the_agencies(plan: Contents) -> Iterator[Fault]:
    yield from _twice("agencies", "id", (a.id for a in plan.agencies))
    yield from _twice("groups", "id", (g.id for g in plan.groups), {a.id for a in plan.agencies})
    yield from _names_twice(plan)
    hosts = {a.id for a in plan.agencies if a.host is None}
    for number, agency in enumerate(plan.agencies):
        if agency.host is not None:
            yield from _unknown(("agencies", number, "host"), (agency.host,), hosts)
    kinds = {a.kind for a in plan.agencies if a.id == plan.office}
    yield from _unknown(("office",), (plan.office,), {a.id for a in plan.agencies})
    if kinds and "office" not in kinds:
        yield Fault("plan-office-kind", ("office",), {"agency": plan.office})


def _names_twice(plan: Contents) -> Iterator[Fault]:
    bodies = [(("agencies", n), a.name, a.aliases) for n, a in enumerate(plan.agencies)]
    bodies += [(("groups", n), g.name, g.aliases) for n, g in enumerate(plan.groups)]
    names: set[str] = set()
    for at, own, aliases in bodies:
        for field, name in (("name", own), *(("aliases", alias) for alias in aliases)):
            if name in names:
                yield Fault("plan-name-twice", (*at, field), {"name": name})
            names.add(name)


def _of_a_measure(plan: Contents, measure: Measure, agencies: set[str]) -> Iterator[Fault]:
    yield from _unknown(("lead",), (measure.lead,), agencies)
    yield from _unknown(("participants",), measure.participants, agencies)
    if measure.lead in measure.participants:
        yield Fault("plan-lead-participates", ("participants",), {"agency": measure.lead})
    ids = [o.id for o in measure.obligations]
    yield from _twice("obligations", "id", ids)
    targets = [f"{measure.number}.{t.id}" for t in measure.targets]
    yield from _twice("targets", "id", targets, set(ids))
    for number, obligation in enumerate(measure.obligations):
        at = ("obligations", number)
        if not obligation.id.startswith(f"{measure.number}."):
            yield Fault("plan-id-foreign", (*at, "id"), {"id": obligation.id})
        yield from _unknown((*at, "parties"), obligation.parties or (), agencies)
        yield from _of_the_days(plan, at, obligation)
    for number, target in enumerate(measure.targets):
        yield from _unknown(("targets", number, "parties"), target.parties or (), agencies)
        yield from _outside(plan, ("targets", number, "by"), target.by)


def _agendas(plan: Contents) -> Iterator[Fault]:
    numbers = {WHOLE_PLAN, *(m.number for m in plan.measures)}
    for n, measure in enumerate(plan.measures):
        for i, obligation in enumerate(measure.obligations):
            for name in obligation.agenda or ():
                if name not in numbers:
                    at = ("measures", n, "obligations", i, "agenda")
                    yield Fault("plan-agenda-measure", at, {"measure": name})


def _of_the_days(plan: Contents, at: At, obligation: Obligation) -> Iterator[Fault]:
    for field in ("opens_on", "due_on", "anchor", "since", "until"):
        yield from _outside(plan, (*at, field), getattr(obligation, field))
    if (obligation.opens, obligation.due) != (START, END):
        yield from _of_the_edges(plan, at, obligation)
    opens_on = max(obligation.opens_on or plan.issued_on, plan.issued_on)
    if obligation.due_on and obligation.due_on < opens_on:
        values = {"due_on": obligation.due_on, "opens_on": opens_on}
        yield Fault("plan-due-before-open", (*at, "due_on"), values)


def _of_the_edges(plan: Contents, at: At, obligation: Obligation) -> Iterator[Fault]:
    """Yield a fault for the first period, not cut by the issue date, due before it opens."""
    workdays = _workdays(plan)
    if workdays is None:
        return
    edges = (obligation.opens, obligation.due)
    whole = RECURRENCES[obligation.recurrence].periods(plan.starts_on, plan.ends_on)
    for period in (turn(p, *edges, workdays) for p in whole if p.covers_from == p.begins_on):
        if period.opens_on > period.due_on:
            values = {"period": period.label, "opens_on": period.opens_on, "due_on": period.due_on}
            yield Fault(
                "plan-period-order", (*at, "opens" if obligation.due == END else "due"), values
            )
            return


def _of_the_order(plan: Contents) -> Iterator[Fault]:
    """Yield the faults of what must be done before what."""
    known = {o.id: o for m in plan.measures for o in m.all_obligations}
    for number, measure in enumerate(plan.measures):
        for n, obligation in enumerate(measure.obligations):
            at: At = ("measures", number, "obligations", n, "after")
            for earlier in obligation.after:
                if earlier not in known:
                    yield Fault("plan-after-unknown", at, {"id": earlier})
                elif obligation.id in _before(known, earlier):
                    yield Fault("plan-after-circle", at, {"id": obligation.id, "after": earlier})
                else:
                    yield from _too_early(plan, at, obligation, known[earlier])


def _before(known: Mapping[str, Obligation], last: str) -> set[str]:
    """Return an obligation and all that must be done before it, by their ids."""
    ids, left = set[str](), [last]
    while left:
        name = left.pop()
        if name in known and name not in ids:
            ids.add(name)
            left += known[name].after
    return ids


def _too_early(
    plan: Contents, at: At, obligation: Obligation, earlier: Obligation
) -> Iterator[Fault]:
    """Yield a fault for the first day before that of what must be done before it.

    Two of one recurrence are compared period by period, any others by their first days.
    """
    if _workdays(plan) is None:
        return
    alike = obligation.recurrence == earlier.recurrence
    turns, before = (periods(plan, o)[: None if alike else 1] for o in (obligation, earlier))
    firsts = {p.label if alike else turns[0].label: p.due_on for p in before if turns}
    for period in turns:
        first = firsts.get(period.label, period.due_on)
        if period.due_on < first:
            values = {"due_on": period.due_on, "id": earlier.id, "before": first}
            yield Fault("plan-after-earlier", at, values)
            return


def _workdays(plan: Contents) -> Workdays | None:
    """Return the plan's calendar, None for one that is unknown: that is a fault of its own."""
    try:
        return load_workdays(plan.workdays)
    except NotFoundError:
        return None


def _outside(plan: Contents, at: At, day: date | None) -> Iterator[Fault]:
    if day is not None and not plan.starts_on <= day <= plan.ends_on:
        yield Fault("plan-outside-term", at, _term(plan, day))


def _term(plan: Contents, day: date) -> dict[str, Any]:
    return {"day": day, "starts_on": plan.starts_on, "ends_on": plan.ends_on}


def _unknown(at: At, ids: Iterable[str], agencies: set[str]) -> Iterator[Fault]:
    for name in ids:
        if name not in agencies:
            yield Fault("plan-agency-unknown", at, {"agency": name})


def _twice(field: str, key: str, ids: Iterable[str], others: Iterable[str] = ()) -> Iterator[Fault]:
    earlier = set(others)
    for number, name in enumerate(ids):
        if name in earlier:
            yield Fault("plan-id-twice", (field, number, key), {"id": name})
        earlier.add(name)
