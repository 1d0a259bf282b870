"""The right to a deed: the rules, and the one that refuses."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, get_args

from catalog.duties.deeds import DEEDS, DOERS, EVERYBODY
from catalog.duties.standing import ENDED, RUNNING, Status
from catalog.role_names import Role

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from catalog.duties.declaration import Deed


class Case(NamedTuple):
    """The facts a right depends on: the person, the fields typed, and the record of the duty.

    `fields` are the names of the non-empty fields (reason, document, evidence ...). `filed_by` is
    of the submission under review, `doers` are all who ever filed or accepted one of the duty.
    `logins` are all that the person has, and `stakes` the roles of all their posts and of those
    that they substitute for: they may do a deed by `roles`, and are kept from it by `stakes`.
    `urged` tells whether it was urged today already, `later` whether the requested date lies after
    the due date and not before today, `past_plan` whether it lies after the end of the plan,
    `of_the_plan` whether the text of the plan fixed the date that moves, `ahead` whether the day on
    which something was held is still to come, `past` whether the one planned for it has gone,
    `outside` whether such a day lies outside of the period that the duty covers, and `dayless`
    whether it is given for what is no meeting, or for one with a quota. An event `is_meeting`, too;
    `planned` tells whether it has a day. One that `is_beside` stands beside the plan.
    """

    actor: str
    roles: frozenset[Role]
    status: Status
    fields: frozenset[str] = frozenset()
    lead_performs: bool = True
    acknowledged: bool = False
    accepted: bool = False
    refused: bool = False
    has_quota: bool = False
    has_request: bool = False
    urged: bool = False
    filed_by: str = ""
    doers: frozenset[str] = frozenset()
    logins: frozenset[str] = frozenset()
    stakes: frozenset[Role] = frozenset()
    later: bool = True
    past_plan: bool = False
    of_the_plan: bool = False
    ahead: bool = False
    past: bool = False
    outside: bool = False
    dayless: bool = False
    is_meeting: bool = False
    planned: bool = False
    is_beside: bool = False


RULES: Mapping[str, Callable[[Case], bool]] = {
    "once-acknowledged": lambda case: not case.acknowledged,
    "once-refused": lambda case: not case.refused,
    "once-accepted": lambda case: not case.accepted,
    "not-refused": lambda case: not case.refused,
    "only-a-quota": lambda case: case.has_quota,
    "only-a-meeting": lambda case: case.is_meeting,
    "a-planned-meeting": lambda case: case.planned,
    "day-of-a-meeting": lambda case: not case.dayless,
    "beside-the-plan": lambda case: case.is_beside,
    "not-past": lambda case: not case.past,
    "not-ahead": lambda case: not case.ahead,
    "within-period": lambda case: not case.outside,
    "lead-of-another": lambda case: not case.lead_performs,
    "lead-accepts-first": lambda case: case.lead_performs or case.accepted,
    # Doers never judge their own work, neither the person by another post nor their agency, nor
    # whoever stands in for them at the time (docs/rules.md, The life of a duty).
    "not-own-work": lambda case: (
        case.filed_by not in _own(case) and "performer" not in case.roles | case.stakes
    ),
    "doer-never-closes": lambda case: (
        not _own(case) & case.doers and not (case.roles | case.stakes) & DOERS
    ),
    "doer-never-decides": lambda case: not (case.roles | case.stakes) & DOERS,
    "one-request": lambda case: not case.has_request,
    "once-urged": lambda case: not case.urged,
    "a-request": lambda case: case.has_request,
    "later-date": lambda case: case.later,
    # docs/rules.md, The life of a duty: such a date moves by a cited document alone.
    "cited-document": lambda case: not case.of_the_plan or "document" in case.fields,
    "past-the-plan": lambda case: not case.past_plan or "document" in case.fields,
}


def refusal(deed: str, case: Case) -> str | None:
    """Return the name of the rule that refuses `deed` in this case, None when it is allowed.

    `who-<roles>` when the person has no role for it, `standing-<kind>` when the duty does not
    stand so that it could be done, `needs-<field>` when a required field is empty, else one
    of RULES. Each of `names()` has its text in every language.
    """
    right = DEEDS[deed]
    if not right.who & case.roles:
        return _whose(right)
    if case.status not in right.on:
        return _kind(case.status)
    missing = next((need for need in right.needs if need not in case.fields), None)
    if missing is not None:
        return _need(missing)
    return next((name for name in right.rules if not RULES[name](case)), None)


def names() -> frozenset[str]:
    """Return every name that `refusal` can give."""
    kinds = {_kind(s) for right in DEEDS.values() for s in get_args(Status) if s not in right.on}
    needs = {_need(need) for right in DEEDS.values() for need in right.needs}
    return frozenset({*map(_whose, DEEDS.values()), *kinds, *needs, *RULES})


def _need(field: str) -> str:
    return f"needs-{field.replace('_', '-')}"


def _own(case: Case) -> frozenset[str]:
    return case.logins | {case.actor}


def _whose(right: Deed) -> str:
    if right.who == EVERYBODY:
        return "who-anybody"
    return f"who-{'-or-'.join(role for role in get_args(Role) if role in right.who)}"


def _kind(status: Status) -> str:
    if status in ENDED:
        return "standing-ended"
    return "standing-running" if status in RUNNING else f"standing-{status}"
