"""`duban user` and `duban delegate`: who may act, and who stands in for whom."""

from __future__ import annotations

import getpass
import sys
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import App, Parameter

from catalog.errors import UsageRefusedError
from catalog.roles import UserRole
from desk.commands.options import Actor, Day, DryRun, Json, open_ledger, plans_asked, who
from desk.commands.output import put_json, put_line, put_table
from ledger.people import users as people
from tasks import today
from tasks.act import Act
from tasks.clock import now_utc
from tasks.deeds import reassigning
from tasks.people import passwords, users

if TYPE_CHECKING:
    from ledger.session import Ledger

app = App(name="user", help="Who may act: logins of officers, reviewers and administrators.")


@app.command
def add(
    user: str,
    *,
    name: str,
    agency: str,
    role: UserRole = "officer",
    since: Day | None = None,
    actor: Actor | None = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Give the login USER to a person of AGENCY (its id): by its role."""
    with open_ledger(dry_run=dry_run) as ledger:
        now = _now(ledger)
        person = users.Newcomer(user, name, agency, role)
        first = since or now.on
        users.add(ledger, [person], since=first, at=now.at, actor=actor or who())
    _put(user, {**person._asdict(), "since": first}, dry_run=dry_run, as_json=as_json)


@app.command
def disable(
    user: str,
    *,
    on: Day | None = None,
    actor: Actor | None = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """End the login USER from today, or from a day."""
    with open_ledger(dry_run=dry_run) as ledger:
        now = _now(ledger)
        day = on or now.on
        users.disable(ledger, user, on=day, at=now.at, actor=actor or who())
    _put(user, {"id": user, "disabled_from": day}, dry_run=dry_run, as_json=as_json)


@app.command
def password(
    user: str,
    *,
    end_codes: Annotated[
        bool, Parameter(negative="", help="Ask for no one-time code any more.")
    ] = False,
    actor: Actor | None = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Give USER a password for the desk, typed when asked or as one line on stdin.

    Whoever is signed in as USER is signed out.
    """
    typed = getpass.getpass() if sys.stdin.isatty() else sys.stdin.readline().rstrip("\r\n")
    with open_ledger(dry_run=dry_run) as ledger:
        at = _now(ledger).at
        passwords.set_password(ledger, [user], typed, at=at, actor=actor or who())
        if end_codes:
            passwords.end_codes(ledger, user, at=at, actor=actor or who())
    _put(user, {"id": user, "codes_ended": end_codes}, dry_run=dry_run, as_json=as_json)


@app.command(name="list")
def list_users(*, agency: str | None = None, as_json: Json = False) -> None:
    """List the logins, all or of AGENCY (its id), with who stands in for each."""
    with open_ledger() as ledger, ledger.read() as conn:
        found = [
            {
                **user.model_dump(),
                "substitutes": [
                    {"user": d.substitute, "since": d.since, "until": d.until}
                    for d in people.delegations(conn, of=user.id)
                ],
            }
            for user in people.listed(conn, agency=agency)
        ]
    if as_json:
        put_json(found)
        return
    columns = ("id", "name", "agency", "role", "since", "until")
    lent = [
        " ".join(f"{s['user']} {s['since']}/{s['until']}" for s in u["substitutes"]) for u in found
    ]
    rows = [[*(u[c] for c in columns), s] for u, s in zip(found, lent, strict=True)]
    put_table(f"{len(found)}", (*columns, "substitutes"), rows)


def delegate(
    user: str,
    substitute: str,
    *,
    actor: Actor,
    until: Day | None = None,
    since: Day | None = None,
    end: Annotated[bool, Parameter(negative="", help="Take it back from today.")] = False,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Let SUBSTITUTE do what USER may, --until a day; USER itself or the office says so."""
    if (until is None) is not end:
        raise UsageRefusedError("one-of", options="--until, --end")
    with open_ledger(dry_run=dry_run) as ledger:
        act = Act(actor, *_now(ledger))
        if until is None:
            reassigning.end_delegation(ledger, user, act, substitute=substitute)
        else:
            reassigning.delegate(ledger, user, act, substitute=substitute, since=since, until=until)
    said = {"user": user, "substitute": substitute, "until": until, "ended": end}
    _put(user, said, dry_run=dry_run, as_json=as_json)


def _now(ledger: Ledger) -> today.Now:
    return today.now(ledger, plans_asked(ledger, None)[0], now_utc)


def _put(user: str, document: dict[str, Any], *, dry_run: bool, as_json: bool) -> None:
    if as_json:
        put_json({**document, "dry_run": dry_run})
    else:
        put_line(f"{user}: {'would be recorded' if dry_run else 'recorded'}")
