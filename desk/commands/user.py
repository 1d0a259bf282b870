"""`duban user` and `duban delegate`: logins and substitutes."""

from __future__ import annotations

import getpass
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import App, Parameter

from catalog.errors import NotFoundError, UsageRefusedError
from catalog.role_names import UserRole
from desk.access import signin, tokens
from desk.commands.options import Actor, Day, DryRun, Json, local_user, open_ledger, plans_in_scope
from desk.commands.output import hint, put_json, put_line, put_table
from ledger.people import users as ledger_users
from tasks import today
from tasks.act import Act
from tasks.clock import now_utc
from tasks.deeds import reassigning
from tasks.people import codes, list_of_people, passwords, users

if TYPE_CHECKING:
    import datetime as dt

    from ledger.session import Ledger

app = App(name="user", help="Logins of officers, reviewers and administrators.")


@app.command
def add(
    user: str = "",
    *,
    name: str = "",
    agency: str = "",
    role: UserRole = "officer",
    mail: Annotated[str, Parameter(help="Their own address, for substitutions.")] = "",
    of: Annotated[str, Parameter(help="A login of the same person, who signs in as before.")] = "",
    file: Annotated[
        Path | None, Parameter(name="--from", help="A list: login, name, agency, role, mail.")
    ] = None,
    since: Day | None = None,
    actor: Actor | None = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> int:
    """Give the login USER, with a role, to a person of AGENCY (its id); or to all of a list.

    Of a list (.xlsx, .csv) all are added, each with a one-time password printed once, or nobody:
    then it ends with 4 and says what is wrong, row by row.
    """
    if bool(user) is (file is not None):
        raise UsageRefusedError("one-of", options="USER, --from")
    with open_ledger(dry_run=dry_run) as ledger:
        now = _now(ledger)
        first, by = since or now.on, actor or local_user()
        if file is not None:
            return _add_all(
                ledger, file, since=first, at=now.at, actor=by, dry_run=dry_run, as_json=as_json
            )
        person = users.Newcomer(user, name, agency, role, mail, of)
        users.add(ledger, [person], since=first, at=now.at, actor=by)
    _put(user, {**person._asdict(), "since": first}, dry_run=dry_run, as_json=as_json)
    return 0


def _add_all(
    ledger: Ledger,
    file: Path,
    *,
    since: dt.date,
    at: dt.datetime,
    actor: str,
    dry_run: bool,
    as_json: bool,
) -> int:
    """Add everybody of the list in `file`, and print their one-time passwords."""
    try:
        with file.open("rb") as content:
            rows = list_of_people.of_file(content, name=file.name)
    except OSError as error:
        raise NotFoundError("file-unreadable", file=file, problem=error.strerror) from None
    with ledger.read() as conn:
        lines = list_of_people.read(conn, rows)
    wrong = [(line.number, error) for line in lines for error in line.errors.values()]
    people = [line.newcomer for line in lines if line.newcomer]
    added = []
    if not wrong:
        given = list_of_people.admit(ledger, people, since=since, at=at, actor=actor)
        added = [(each.newcomer, "" if dry_run else each.password) for each in given]
    if as_json:
        logins = [{**each._asdict(), "password": secret} for each, secret in added]
        refusals = [{"row": number, "error": str(error)} for number, error in wrong]
        put_json({"added": logins, "errors": refusals, "since": since, "dry_run": dry_run})
    else:
        for number, refusal in wrong:
            hint(f"row {number}: {refusal}")
        for person, secret in added:
            put_line(f"{person.id}\t{person.name}\t{person.agency}\t{secret}")
    return 4 if wrong else 0


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
        users.disable(ledger, user, on=day, at=now.at, actor=actor or local_user())
    _put(user, {"id": user, "disabled_from": day}, dry_run=dry_run, as_json=as_json)


@app.command
def mail(
    user: str,
    address: str = "",
    *,
    end: Annotated[bool, Parameter(negative="", help="They have none any more.")] = False,
    actor: Actor | None = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Record the mail ADDRESS of USER, which gets the letters of those they stand in for."""
    if bool(address) is end:
        raise UsageRefusedError("one-of", options="ADDRESS, --end")
    with open_ledger(dry_run=dry_run) as ledger:
        by = actor or local_user()
        users.set_mail(ledger, user, address, at=now_utc(), actor=by)
        with ledger.read() as conn:
            recorded = ledger_users.user(conn, user).mail
    _put(user, {"id": user, "mail": recorded}, dry_run=dry_run, as_json=as_json)


@app.command
def password(
    user: str,
    *,
    end_codes: Annotated[
        bool, Parameter(negative="", help="Stop asking for one-time codes.")
    ] = False,
    actor: Actor | None = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Give USER a one-time password, drawn here or one line on stdin, and print it.

    USER must change it at the first sign-in, within seven days. Their sessions, token and calendar
    address end.
    """
    brought = "" if sys.stdin.isatty() else sys.stdin.readline().rstrip("\r\n")
    by = actor or local_user()
    with open_ledger(dry_run=dry_run) as ledger:
        now = _now(ledger)
        secret = passwords.give_once(ledger, user, at=now.at, on=now.on, actor=by, password=brought)
        if end_codes:
            codes.end(ledger, user, at=now.at, actor=by)
    if as_json:
        put_json({"id": user, "password": secret, "codes_ended": end_codes, "dry_run": dry_run})
    else:
        put_line(secret)


@app.command
def token(
    *,
    actor: Actor,
    end: Annotated[bool, Parameter(negative="", help="End it; make none.")] = False,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Make a token by which a system acts for its owner, who types their password, and print it.

    The former one ends. The password may also be one line on stdin.
    """
    secret = getpass.getpass() if sys.stdin.isatty() else sys.stdin.readline().rstrip("\r\n")
    with open_ledger(dry_run=dry_run) as ledger:
        now = _now(ledger)
        signin.confirm_here(ledger, actor, secret)
        if end:
            tokens.end_of(ledger, actor, "api", on=now.on, at=now.at, actor=actor)
        made = None if end else tokens.issue_own(ledger, actor, on=now.on, at=now.at)
    if as_json:
        put_json({"id": actor, "token": made, "dry_run": dry_run})
    else:
        put_line(made or f"{actor}: recorded")


@app.command(name="list")
def list_users(*, agency: str | None = None, as_json: Json = False) -> None:
    """List the logins, all or of AGENCY (its id), each with its substitutes."""
    with open_ledger() as ledger, ledger.read() as conn:
        logins = [
            {
                **user.model_dump(),
                "substitutes": [
                    {"user": d.substitute, "since": d.since, "until": d.until}
                    for d in ledger_users.delegations(conn, of=user.id)
                ],
            }
            for user in ledger_users.listed(conn, agency=agency)
        ]
    if as_json:
        put_json(logins)
        return
    columns = ("id", "name", "agency", "role", "since", "until", "mail", "of")
    lines = [[*(login[c] for c in columns), _substitutes(login)] for login in logins]
    put_table(f"{len(logins)}", (*columns, "substitutes"), lines)


def _substitutes(login: dict[str, Any]) -> str:
    return " ".join(f"{s['user']} {s['since']}/{s['until']}" for s in login["substitutes"])


def delegate(
    user: str,
    substitute: str,
    *,
    actor: Actor,
    until: Day | None = None,
    since: Day | None = None,
    end: Annotated[bool, Parameter(negative="", help="End it from today.")] = False,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Let SUBSTITUTE act for USER --until a day; USER themselves or the office may do this."""
    if (until is None) is not end:
        raise UsageRefusedError("one-of", options="--until, --end")
    with open_ledger(dry_run=dry_run) as ledger:
        act = Act(actor, *_now(ledger))
        if until is None:
            reassigning.end_delegation(ledger, user, act, substitute=substitute)
        else:
            reassigning.delegate(ledger, user, act, substitute=substitute, since=since, until=until)
        with ledger.read() as conn:
            mail = ledger_users.user(conn, substitute).mail
    if until and not mail:
        hint(f"{substitute} has no mail address and gets no letters: duban user mail {substitute}")
    document = {"user": user, "substitute": substitute, "until": until, "ended": end, "mail": mail}
    _put(user, document, dry_run=dry_run, as_json=as_json)


def _now(ledger: Ledger) -> today.Now:
    return today.now(ledger, plans_in_scope(ledger, None)[0], now_utc)


def _put(user: str, document: dict[str, Any], *, dry_run: bool, as_json: bool) -> None:
    if as_json:
        put_json({**document, "dry_run": dry_run})
    else:
        put_line(f"{user}: {'would be recorded' if dry_run else 'recorded'}")
