"""The go: everything chosen becomes so in one transaction, or is rehearsed."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, NamedTuple

from catalog.errors import ConflictError
from catalog.reading.grammar.folding import fold
from ledger.duties import conditions, duties
from ledger.plans import plan_drafts
from ledger.post import contacts, letters, slips
from tasks.agencies import list_of_agencies
from tasks.agencies.list_of_agencies import Line
from tasks.agencies.names import names, owners
from tasks.clock import time_zone
from tasks.in_force import in_force
from tasks.letters.composing import compose
from tasks.people import users
from tasks.people.users import Newcomer
from tasks.plans import settling
from tasks.plans.publish import decided, publish
from tasks.post.coverage import without_address
from tasks.post.forming import form
from tasks.post.leaving import leaves_on, workdays_of
from tasks.setup.choices import choices
from tasks.setup.plan_choice import DRAFT, dated_plan, decisions
from tasks.setup.stage import DEED, is_open
from tasks.sweep.sweep import sweep
from tasks.tick import Tick
from tasks.time_limit import Deadline

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ledger.post.letters import Letter
    from ledger.session import Connection, Ledger
    from tasks.act import Act

LIMIT = 30.0  # seconds of a preview; a plan of 42 measures and 21 cities takes a few
MOST = 60  # letters whose subjects a preview shows


class FirstLetter(NamedTuple):
    """A letter of the first day: its address, and its subject."""

    address: str
    subject: str


class PastDuty(NamedTuple):
    """A duty that was due before the start day: its due date, title and performer."""

    due_on: dt.date
    title: str
    performer: str


class Preview(NamedTuple):
    """The first day as it would be.

    `on` is the day on which the letters leave; `letters` are the first MOST of `total`; `slips`
    would wait for a person; `unreached` are agency and position of those without an address.
    """

    on: dt.date
    duties: int
    past: tuple[PastDuty, ...]
    under_way: int
    total: int
    letters: tuple[FirstLetter, ...]
    slips: int
    unreached: tuple[tuple[str, str], ...]


def go(ledger: Ledger, act: Act, *, knowingly: bool) -> str:
    """Put all that was chosen in force, in one transaction, and return the code of the plan.

    ConflictError where no plan is chosen, where positions are not reached and that is not
    accepted `knowingly`, and once it has been done; also what publishing raises.
    """
    with ledger.together() as whole:
        plan = carry_out(whole, act)
        with whole.read() as conn:
            unreached = without_address(conn, in_force(conn, plan))
            agencies = contacts.agencies(conn)
        if unreached and not knowingly:
            first = agencies[unreached[0].partition("/")[0]].name
            raise ConflictError("setup-unreached", count=len(unreached), first=first)
        with whole.transaction() as tx:
            note = {"choice": {"plan": plan}, "unreached": unreached}
            tx.record(DEED, "setup/go", note=note, at=act.at, actor=act.user)
    return plan


def carry_out(ledger: Ledger, act: Act) -> str:
    """Record the agencies, the plan, the people and the past that were chosen; return the plan."""
    with ledger.read() as conn:
        if not is_open(conn):
            raise ConflictError("setup-over")
        selection = choices(conn)
    if "plan" not in selection:
        raise ConflictError("setup-no-plan")
    _take_agencies(ledger, lines_of(selection.get("agencies")), act)
    plan = _publish(ledger, selection, act)
    with ledger.read() as conn:
        owners_by_name = owners(names(conn))
    newcomers = people_of(selection.get("people"), owners_by_name)
    users.add(ledger, newcomers, since=act.on, at=act.at, actor=act.user)
    return plan


def lines_of(choice: Mapping[str, Any] | None) -> list[Line]:
    """Return the lines of the list of agencies that was chosen."""
    return [Line(**row) for row in (choice or {}).get("lines", ())]


def people_of(
    choice: Mapping[str, Any] | None, owners_by_name: Mapping[str, Sequence[str]]
) -> list[Newcomer]:
    """Return the people who are to get a login, in agencies by their folded names."""
    people = [dict(row) for row in (choice or {}).get("people", ())]
    for row in people:
        row["agency"] = next(iter(owners_by_name.get(fold(row["agency"]), ())), row["agency"])
    return [Newcomer(**row) for row in people]


def start_of(selection: Mapping[Any, Mapping[str, Any]], on: dt.date) -> dt.date:
    """Return the day from which the ladder speaks: the one chosen, else the day `on`."""
    day = (selection.get("start") or {}).get("on")
    return dt.date.fromisoformat(day) if day else on


def today_in(conn: Connection, selection: Mapping[Any, Mapping[str, Any]], act: Act) -> dt.date:
    """Return the day of the act in the zone of the plan chosen, else by the clock."""
    if "plan" not in selection:
        return act.on
    return act.at.astimezone(time_zone(dated_plan(conn, selection["plan"]).zone)).date()


def preview(ledger: Ledger, act: Act) -> Preview:
    """Rehearse the go and the first day with its letters; nothing is stored.

    Raises what `go` raises, but for positions that are not reached.
    """
    end = Deadline(LIMIT)
    with ledger.rehearsal() as trial:
        plan = carry_out(trial, act)
        with trial.read() as conn:
            edition = in_force(conn, plan)
            unreached = without_address(conn, edition)
            agencies = contacts.agencies(conn)
        today = act.at.astimezone(time_zone(edition.plan.zone)).date()
        start_on = edition.row.start_on or today
        first = max(today, start_on)
        sweep(trial, Tick(plan, first, act.at, end=end))
        with trial.read() as conn:
            leaves = leaves_on(workdays_of(conn, plan), first)
        form(trial, on=leaves, at=act.at)
        with trial.read() as conn:
            rows = duties.chosen(conn, conditions.of(plan=plan))
            queued = letters.listed(conn, state="queued")
            places = (place.partition("/") for place in unreached)
            return Preview(
                on=leaves,
                duties=len(rows),
                past=tuple(
                    PastDuty(duty.due_on, duty.title, agencies[duty.performer].name)
                    for duty in sorted(rows, key=lambda duty: (duty.due_on, duty.key))
                    if duty.due_on < start_on
                ),
                under_way=sum(duty.opened_on is not None for duty in rows),
                total=len(queued),
                letters=tuple(_subjects(conn, trial, queued[:MOST], leaves, end=end)),
                slips=len(slips.listed(conn, state="draft")),
                unreached=tuple((agencies[a].name, position) for a, _, position in places),
            )


def _take_agencies(ledger: Ledger, lines: list[Line], act: Act) -> None:
    rows = list_of_agencies.take(ledger, lines, at=act.at, actor=act.user)
    if wrong := next((row.error for row in rows if row.error), None):
        raise wrong


def _publish(ledger: Ledger, selection: Mapping[Any, Mapping[str, Any]], act: Act) -> str:
    """Publish the plan fitted to this office, with its source in the entry."""
    choice = selection["plan"]
    with ledger.read() as conn:
        plan = dated_plan(conn, choice)
        start_on = start_of(selection, today_in(conn, selection, act))
        source = decided(decisions(choice))
        if choice["of"] == DRAFT:
            source |= settling.source_of(settling.settling(conn, choice["draft"]))
    by: dict[str, Any] = {"at": act.at, "actor": act.user}
    publish(ledger, plan, start_on=start_on, source=source, **by)
    if choice["of"] == DRAFT:
        with ledger.transaction() as tx:
            plan_drafts.end(tx, choice["draft"], act.at)
    return plan.plan


def _subjects(
    conn: Connection, ledger: Ledger, queued: Sequence[Letter], on: dt.date, *, end: Deadline
) -> Iterator[FirstLetter]:
    """Yield the address and subject of each letter that would leave, while there is time."""
    for letter in queued:
        if end.is_over:
            return
        messages = letters.messages_of(conn, [letter.id])[letter.id]
        words: dict[str, Any] = {"address": letter.address, "on": on, "message_id": letter.id}
        composed = compose(conn, messages, ledger.settings, **words)
        if composed.letter is not None:
            yield FirstLetter(letter.address, composed.letter.subject)
