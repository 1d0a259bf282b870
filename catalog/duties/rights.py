"""Who may do what to which duty: one table, and the rule that refuses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, get_args

from catalog.duties.standing import Status

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

# What a person is to a duty: an officer of the agency that performs it, leads it or takes part,
# of the coordinating office, or a reviewer.
Role = Literal["performer", "lead", "participant", "office", "reviewer"]

EVERYBODY: frozenset[Role] = frozenset({"performer", "lead", "participant", "office", "reviewer"})
DOERS: frozenset[Role] = frozenset({"performer", "lead"})
NOT_OPEN: frozenset[Status] = frozenset({"not-open"})
RUNNING: frozenset[Status] = frozenset(
    {"awaiting-receipt", "on-course", "due-soon", "behind-pace", "overdue", "returned"}
)
REVIEW: frozenset[Status] = frozenset({"under-review"})
SUSPENDED: frozenset[Status] = frozenset({"suspended"})
ENDED: frozenset[Status] = frozenset({"closed-on-time", "closed-late", "waived", "closed-not-done"})
LIVE = RUNNING | REVIEW | SUSPENDED


class Case(NamedTuple):
    """What the table looks at: who asks for what, and what is recorded of the duty.

    `said` are the fields the deed was given (reason, document, evidence ...), the empty ones left
    out. `filed_by` is of the submission under review, `doers` are all who ever filed or accepted
    one of the duty. `urged` tells whether it was urged today already, `later` whether the date
    asked for lies after the due date and not before today, `ahead` whether a thing is reported as
    done on a day still to come.
    """

    actor: str
    roles: frozenset[Role]
    status: Status
    said: frozenset[str] = frozenset()
    lead_performs: bool = True
    acknowledged: bool = False
    accepted: bool = False
    refused: bool = False
    has_quota: bool = False
    asked: bool = False
    urged: bool = False
    filed_by: str = ""
    doers: frozenset[str] = frozenset()
    later: bool = True
    ahead: bool = False


class Right(NamedTuple):
    """One line of the table: who does the deed, on which standing, and what it needs to be told.

    `rules` are further conditions by the name of the rule that refuses; each returns whether the
    case keeps it.
    """

    who: frozenset[Role]
    on: frozenset[Status]
    needs: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()


def _who(*roles: Role) -> frozenset[Role]:
    return frozenset(roles)


def _office(on: frozenset[Status], *needs: str, also: tuple[str, ...] = ()) -> Right:
    """Return a decision of the office, which nobody takes in a matter of its own."""
    return Right(_who("office"), on, needs, (*also, "doer-never-decides"))


# Rules 4. The names are the deeds of the command line and of the history.
RIGHTS: Mapping[str, Right] = {
    "acknowledge": Right(_who("performer"), RUNNING, rules=("once-acknowledged", "not-refused")),
    "refuse": Right(_who("performer"), RUNNING, needs=("reason",), rules=("once-refused",)),
    "reassign": _office(NOT_OPEN | RUNNING | SUSPENDED, "to", "reason"),
    "progress": Right(DOERS, LIVE, needs=("text",)),
    "deliver-item": Right(
        _who("performer"), RUNNING, needs=("title",), rules=("only-a-quota", "not-ahead")
    ),
    "file": Right(_who("performer"), RUNNING, needs=("summary",), rules=("not-refused",)),
    "return": Right(_who("lead", "office"), REVIEW, needs=("reason",), rules=("not-own-work",)),
    "accept": Right(
        _who("lead"), REVIEW, rules=("lead-of-another", "not-own-work", "once-accepted")
    ),
    "close": Right(_who("office"), REVIEW, rules=("lead-accepts-first", "doer-never-closes")),
    "close-not-done": Right(_who("office"), LIVE, needs=("reason",), rules=("doer-never-closes",)),
    "ask-extension": Right(
        DOERS, RUNNING, needs=("to", "reason"), rules=("one-request", "later-date")
    ),
    "grant-extension": _office(RUNNING | REVIEW, also=("a-request", "later-date")),
    "refuse-extension": _office(RUNNING | REVIEW, "reason", also=("a-request",)),
    "urge": _office(RUNNING, also=("not-refused", "once-urged")),
    "release-slip": _office(RUNNING),
    "withdraw-slip": _office(LIVE, "reason"),
    "suspend": _office(RUNNING | REVIEW, "reason"),
    "resume": _office(SUSPENDED),
    "waive": _office(NOT_OPEN | LIVE, "reason", "document"),
    "report-reading": Right(_who("performer"), LIVE | ENDED, needs=("source",)),
    "raise-problem": Right(_who("performer", "lead", "participant"), LIVE, needs=("text",)),
    "answer-problem": Right(_who("office"), LIVE | ENDED, needs=("text",)),
    "comment": Right(EVERYBODY, NOT_OPEN | LIVE | ENDED, needs=("text",)),
}

RULES: Mapping[str, Callable[[Case], bool]] = {
    "once-acknowledged": lambda case: not case.acknowledged,
    "once-refused": lambda case: not case.refused,
    "once-accepted": lambda case: not case.accepted,
    "not-refused": lambda case: not case.refused,
    "only-a-quota": lambda case: case.has_quota,
    "not-ahead": lambda case: not case.ahead,
    "lead-of-another": lambda case: not case.lead_performs,
    "lead-accepts-first": lambda case: case.lead_performs or case.accepted,
    # The doer never judges its own work, neither the person nor its agency, nor whoever stands in
    # for it at the time: rules 4, third paragraph.
    "not-own-work": lambda case: case.actor != case.filed_by and "performer" not in case.roles,
    "doer-never-closes": lambda case: case.actor not in case.doers and not case.roles & DOERS,
    "doer-never-decides": lambda case: not case.roles & DOERS,
    "one-request": lambda case: not case.asked,
    "once-urged": lambda case: not case.urged,
    "a-request": lambda case: case.asked,
    "later-date": lambda case: case.later,
}


def refusal(deed: str, case: Case) -> str | None:
    """Return the name of the rule that refuses `deed` in this case, None when it is allowed.

    `who-<roles>` when the person has no role for it, `standing-<kind>` when the duty does not
    stand so that it could be done, `needs-<field>` when something must be said with it, else one
    of RULES. Each of `names()` has its text in every language.
    """
    right = RIGHTS[deed]
    if not right.who & case.roles:
        return _whose(right)
    if case.status not in right.on:
        return _kind(case.status)
    missing = next((need for need in right.needs if need not in case.said), None)
    if missing is not None:
        return f"needs-{missing}"
    return next((name for name in right.rules if not RULES[name](case)), None)


def names() -> frozenset[str]:
    """Return every name that `refusal` can give."""
    kinds = {_kind(s) for right in RIGHTS.values() for s in get_args(Status) if s not in right.on}
    needs = {f"needs-{need}" for right in RIGHTS.values() for need in right.needs}
    return frozenset({*map(_whose, RIGHTS.values()), *kinds, *needs, *RULES})


def _whose(right: Right) -> str:
    if right.who == EVERYBODY:
        return "who-anybody"
    return f"who-{'-or-'.join(role for role in get_args(Role) if role in right.who)}"


def _kind(status: Status) -> str:
    if status in ENDED:
        return "standing-ended"
    return "standing-running" if status in RUNNING else f"standing-{status}"
