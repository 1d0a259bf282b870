"""Who may do what to which duty: one table, and the rule that refuses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from catalog.standing import Status

# What a person is to a duty: an officer of the agency that performs it, leads it or takes part,
# of the coordinating office, or a reviewer.
Role = Literal["performer", "lead", "participant", "office", "reviewer"]

EVERYBODY: frozenset[Role] = frozenset({"performer", "lead", "participant", "office", "reviewer"})
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
    out. `filed_by` and `accepted_by` are of the submission under review.
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
    filed_by: str = ""
    accepted_by: str = ""


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


# Rules 4. The names are the deeds of the command line and of the history.
RIGHTS: Mapping[str, Right] = {
    "acknowledge": Right(_who("performer"), RUNNING, rules=("once-acknowledged",)),
    "refuse": Right(_who("performer"), RUNNING, needs=("reason",), rules=("once-refused",)),
    "reassign": Right(_who("office"), LIVE, needs=("reason",)),
    "progress": Right(_who("performer", "lead"), LIVE, needs=("text",)),
    "deliver-item": Right(_who("performer"), RUNNING, needs=("title",), rules=("only-a-quota",)),
    "file": Right(_who("performer"), RUNNING, needs=("summary",), rules=("not-refused",)),
    "return": Right(_who("lead", "office"), REVIEW, needs=("reason",), rules=("not-own-work",)),
    "accept": Right(
        _who("lead"), REVIEW, rules=("lead-of-another", "not-own-work", "once-accepted")
    ),
    "close": Right(_who("office"), REVIEW, rules=("lead-accepts-first", "doer-never-closes")),
    "close-not-done": Right(_who("office"), LIVE, needs=("reason",)),
    "ask-extension": Right(
        _who("performer", "lead"), RUNNING, needs=("reason", "to"), rules=("one-request",)
    ),
    "grant-extension": Right(_who("office"), RUNNING | REVIEW, rules=("a-request",)),
    "refuse-extension": Right(
        _who("office"), RUNNING | REVIEW, needs=("reason",), rules=("a-request",)
    ),
    "suspend": Right(_who("office"), RUNNING | REVIEW, needs=("reason",)),
    "resume": Right(_who("office"), SUSPENDED),
    "waive": Right(_who("office"), LIVE, needs=("reason", "document")),
    "raise-problem": Right(_who("performer", "lead", "participant"), LIVE, needs=("text",)),
    "answer-problem": Right(_who("office"), LIVE | ENDED, needs=("text",)),
    "comment": Right(EVERYBODY, LIVE | ENDED, needs=("text",)),
}

RULES: Mapping[str, Callable[[Case], bool]] = {
    "once-acknowledged": lambda case: not case.acknowledged,
    "once-refused": lambda case: not case.refused,
    "once-accepted": lambda case: not case.accepted,
    "not-refused": lambda case: not case.refused,
    "only-a-quota": lambda case: case.has_quota,
    "lead-of-another": lambda case: not case.lead_performs,
    "lead-accepts-first": lambda case: case.lead_performs or case.accepted,
    # The doer never judges its own work: rules 4, third paragraph.
    "not-own-work": lambda case: case.actor != case.filed_by,
    "doer-never-closes": lambda case: case.actor not in {case.filed_by, case.accepted_by},
    "one-request": lambda case: not case.asked,
    "a-request": lambda case: case.asked,
}


def refusal(deed: str, case: Case) -> str | None:
    """Return the name of the rule that refuses `deed` in this case, None when it is allowed.

    `who-<deed>` when the person has no role for it, `standing-<kind>` when the duty does not
    stand so that it could be done, `needs-<field>` when something must be said with it, else one
    of RULES. Every name has its text under `[rule]` in each language.
    """
    right = RIGHTS[deed]
    if not right.who & case.roles:
        return f"who-{_one_of(right.who)}"
    if case.status not in right.on:
        return f"standing-{_kind(case.status)}"
    missing = next((need for need in right.needs if need not in case.said), None)
    if missing is not None:
        return f"needs-{missing}"
    return next((name for name in right.rules if not RULES[name](case)), None)


def _one_of(who: frozenset[Role]) -> str:
    """Return the name of a group of roles, as the rules' texts know it."""
    return "-or-".join(sorted(who)) if who != EVERYBODY else "everybody"


def _kind(status: Status) -> str:
    if status in ENDED:
        return "ended"
    return "running" if status in RUNNING else status
