"""The deeds of a duty's life, one command each: who does it stands after `--as`."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from catalog.errors import UsageRefusedError
from desk.api.documents import duty_document
from desk.commands.options import Actor, Day, DryRun, Json, open_ledger
from desk.commands.output import hint, put_json, put_line
from desk.duties.evidence_option import Evidence, received
from ledger.duties import duties, life
from ledger.post import contacts
from tasks import today
from tasks.act import Act
from tasks.clock import now_utc
from tasks.deeds import answering, deciding, extending, pausing, raising, reassigning, urging
from tasks.plans import forecast

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.session import Ledger

Flag = Annotated[bool, Parameter(negative="")]


def acknowledge(key: str, *, actor: Actor, dry_run: DryRun = False, as_json: Json = False) -> None:
    """Sign for the duty KEY, as its performer."""
    with _deed(key, actor, dry_run=dry_run, as_json=as_json) as (ledger, act):
        answering.acknowledge(ledger, key, act)


def refuse(
    key: str, *, actor: Actor, reason: str, dry_run: DryRun = False, as_json: Json = False
) -> None:
    """Send the duty KEY back to the office: it has come to the wrong agency."""
    with _deed(key, actor, dry_run=dry_run, as_json=as_json) as (ledger, act):
        answering.refuse(ledger, key, act, reason=reason)


def progress(
    key: str, *, actor: Actor, text: str, dry_run: DryRun = False, as_json: Json = False
) -> None:
    """Report how far the work on the duty KEY has come."""
    with _deed(key, actor, dry_run=dry_run, as_json=as_json) as (ledger, act):
        answering.progress(ledger, key, act, text=text)


def deliver_item(
    key: str,
    *,
    actor: Actor,
    title: str,
    place: str = "",
    held_on: Day | None = None,
    evidence: Evidence = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Record one item of the quota of the duty KEY: a meeting held, an event run."""
    with (
        _deed(key, actor, dry_run=dry_run, as_json=as_json) as (ledger, act),
        received(ledger, evidence) as files,
    ):
        answering.deliver_item(
            ledger, key, act, title=title, place=place, held_on=held_on, evidence=files
        )


def file(
    key: str,
    *,
    actor: Actor,
    summary: str,
    evidence: Evidence = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """File that the duty KEY is done, with the evidence its rule asks for."""
    with (
        _deed(key, actor, dry_run=dry_run, as_json=as_json) as (ledger, act),
        received(ledger, evidence) as files,
    ):
        answering.file_submission(ledger, key, act, summary=summary, evidence=files)


def urge(
    key: str, *, actor: Actor, text: str = "", dry_run: DryRun = False, as_json: Json = False
) -> None:
    """Urge the performer and the lead of the duty KEY, once a day; only the office."""
    with _deed(key, actor, dry_run=dry_run, as_json=as_json) as (ledger, act):
        urging.urge(ledger, key, act, text=text)


def give_back(
    key: str, *, actor: Actor, reason: str, dry_run: DryRun = False, as_json: Json = False
) -> None:
    """Return the filing of the duty KEY, as its lead or the office."""
    with _deed(key, actor, dry_run=dry_run, as_json=as_json) as (ledger, act):
        deciding.give_back(ledger, key, act, reason=reason)


def accept(key: str, *, actor: Actor, dry_run: DryRun = False, as_json: Json = False) -> None:
    """Accept the filing of the duty KEY, as the lead of another performer."""
    with _deed(key, actor, dry_run=dry_run, as_json=as_json) as (ledger, act):
        deciding.accept(ledger, key, act)


def close(
    key: str,
    *,
    actor: Actor,
    not_done: Flag = False,
    reason: str = "",
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Take the duty KEY off the list as done, or with a reason as not done; only the office."""
    with _deed(key, actor, dry_run=dry_run, as_json=as_json) as (ledger, act):
        if not_done:
            deciding.close_not_done(ledger, key, act, reason=reason)
        else:
            deciding.close(ledger, key, act)


def extend(
    key: str,
    *,
    actor: Actor,
    to: Day | None = None,
    reason: str = "",
    grant: Flag = False,
    refuse: Flag = False,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Ask for the due date --to; as the office, --grant (--to another day) or --refuse it."""
    if grant and refuse:
        raise UsageRefusedError("one-of", options="--grant, --refuse")
    if to is None and not grant and not refuse:
        raise UsageRefusedError("one-of", options="--to, --grant, --refuse")
    with _deed(key, actor, dry_run=dry_run, as_json=as_json) as (ledger, act):
        if dry_run and not refuse:
            _hint_mail(ledger, key, act, to)
        if grant:
            extending.grant(ledger, key, act, to=to, reason=reason)
        elif refuse or to is None:
            extending.refuse(ledger, key, act, reason=reason)
        else:
            extending.ask(ledger, key, act, to=to, reason=reason)


def suspend(
    key: str, *, actor: Actor, reason: str, dry_run: DryRun = False, as_json: Json = False
) -> None:
    """Stop the clock of the duty KEY; only the office."""
    with _deed(key, actor, dry_run=dry_run, as_json=as_json) as (ledger, act):
        pausing.suspend(ledger, key, act, reason=reason)


def resume(
    key: str, *, actor: Actor, reason: str = "", dry_run: DryRun = False, as_json: Json = False
) -> None:
    """Let the clock of the duty KEY go on: its due date moves by the days it stood."""
    with _deed(key, actor, dry_run=dry_run, as_json=as_json) as (ledger, act):
        pausing.resume(ledger, key, act, reason=reason)


def waive(
    key: str,
    *,
    actor: Actor,
    reason: str,
    document: str,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Excuse from the duty KEY by a document; only the office."""
    with _deed(key, actor, dry_run=dry_run, as_json=as_json) as (ledger, act):
        pausing.waive(ledger, key, act, reason=reason, document=document)


def reassign(
    key: str,
    *,
    actor: Actor,
    to: str,
    reason: str,
    document: str = "",
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Give the duty KEY to the agency --to as its performer; only the office."""
    with _deed(key, actor, dry_run=dry_run, as_json=as_json) as (ledger, act):
        reassigning.reassign(ledger, key, act, to=to, reason=reason, document=document)


def problem(
    key: str,
    *,
    actor: Actor,
    text: str,
    answer: int | None = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Bring a problem of the duty KEY to the office; as the office, --answer the N-th."""
    with _deed(key, actor, dry_run=dry_run, as_json=as_json) as (ledger, act):
        if answer is None:
            raising.raise_problem(ledger, key, act, text=text)
        else:
            raising.answer_problem(ledger, key, act, number=answer, text=text)


def comment(
    key: str, *, actor: Actor, text: str, dry_run: DryRun = False, as_json: Json = False
) -> None:
    """Say something about the duty KEY; nobody is told."""
    with _deed(key, actor, dry_run=dry_run, as_json=as_json) as (ledger, act):
        raising.comment(ledger, key, act, text=text)


def _hint_mail(ledger: Ledger, key: str, act: Act, to: Day | None) -> None:
    """Tell what another due date, that asked for unless said, costs each agency in letters."""
    with ledger.read() as conn:
        duty, asked = duties.one(conn, key), life.open_request(conn, key)
        day = to or (asked.asked_to if asked else duty.due_on)
        costs = forecast.of_move(conn, duty, day, on=act.on)
        named = contacts.agencies(conn)
    for cost in forecast.in_all(costs):
        name = named[cost.agency].name
        hint(f"{name}: {cost.before} letters at most until now, {cost.after} if due {day}")


@contextmanager
def _deed(key: str, actor: str, *, dry_run: bool, as_json: bool) -> Iterator[tuple[Ledger, Act]]:
    """Give what a deed needs, and show how the duty stands after it."""
    with open_ledger(dry_run=dry_run) as ledger:
        with ledger.read() as conn:
            plan = duties.one(conn, key).plan
        on, at = today.now(ledger, plan, now_utc)
        yield ledger, Act(actor, on, at)
        with ledger.read() as conn:
            document = duty_document(duties.one(conn, key), contacts.agencies(conn), on)
    if as_json:
        put_json({**document, "on": on, "by": actor, "dry_run": dry_run})
        return
    put_line(f"{key}: {document['status']}, due {document['due_on']}")
    if dry_run:
        hint("dry run: nothing was changed")
