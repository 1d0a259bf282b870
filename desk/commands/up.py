"""`duban demo`, `duban up` and `duban clock`: the whole stack, and the demonstration's days.

The only module of the desk that may start flows.
"""

from __future__ import annotations

import datetime as dt
import os
import sys
import time
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlsplit

from cyclopts import Parameter
from cyclopts.validators import Number

from catalog.errors import ConflictError
from catalog.plans.load import load_plan, plan_names
from desk.commands.first_codes import setup_codes
from desk.commands.options import Day, DryRun, Json, open_ledger, open_main_ledger
from desk.commands.output import hint, progress, put_json, put_line
from desk.commands.upgrade import bring_up_to_date
from ledger.offices import homes, jurisdictions
from ledger.offices.installation import load_settings
from ledger.proof import chain
from ledger.reports import overview
from ledger.session import Ledger
from tasks import today
from tasks.clock import now_utc
from tasks.demo import play
from tasks.desk_address import PORT, local_address
from tasks.offices.survey import offices

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from catalog.plans.model import Plan
    from ledger.settings import Settings

PLAN = "guangdong-2013"
UNTIL = dt.date(2014, 3, 14)
CAST = ("office/officer", "dongguan/officer", "office/reviewer", "office/administrator")

Port = Annotated[
    int,
    Parameter(
        help="The port of the desk; Prefect's server uses the next one.",
        validator=Number(gte=1, lt=65535),
    ),
]
NoServe = Annotated[bool, Parameter(name="--no-serve", negative="", help="Only replay.")]


def demo(
    *, on: Day | None = None, port: Port = PORT, no_serve: NoServe = False, as_json: Json = False
) -> int:
    """Replay the real plan with a scripted cast up to a day, then serve it on a demo clock.

    Other plans of the catalogue join on their day of issue; a plan of another office has a
    jurisdiction of its own. All of it is demonstration data. An interrupted run continues where
    it stopped.
    """
    began = time.monotonic()
    if port != PORT:  # letters name the address; those who send them later inherit it
        os.environ.setdefault("DUBAN_BASE_URL", local_address(port))
    every = play.offices(load_plan(name) for name in plan_names())
    (main,) = (plans for plans in every if any(plan.plan == PLAN for plan in plans))
    with open_main_ledger() as ledger:
        until, settings = _until(ledger, on), ledger.settings
        document = _live(ledger, main, PLAN, until)
        passwords = {} if no_serve else {"": play.password(ledger, at=now_utc())}
    for plans in every:
        if plans != main and plans[0].issued_on <= until:
            own = play.settings_beside(settings, plans[0], port=port)
            with Ledger.open(own) as ledger:
                other = _live(ledger, plans, plans[0].plan, until)
                document.setdefault("others", []).append(other)
                if not no_serve:
                    passwords[own.jurisdiction] = play.password(ledger, at=now_utc())
    document["seconds"] = round(time.monotonic() - began, 2)
    if as_json:
        put_json(document)
    else:
        _put(document, settings)
    return 0 if no_serve else _serve(settings, port, passwords)


def up(*, port: Port = PORT) -> int:
    """Serve every jurisdiction: the desks, the daily sweeps, delivery, until Ctrl-C.

    Ledgers of an older version are upgraded first, each after a backup of its own. For an office
    that nobody has used yet there is a one-time code, with which it sets itself up in the browser.
    """
    bring_up_to_date(load_settings())
    with open_main_ledger() as ledger:
        if today.demo_day(ledger) is not None:
            raise ConflictError("real-in-demo-home", home=ledger.settings.home)
        settings = ledger.settings
        with ledger.read() as conn:
            for double in homes.doubles(conn, settings.installation, now_utc().date()):
                hint(double)
    for office in offices(settings, now_utc()):
        if office.problem:
            hint(f"{office.jurisdiction.id or 'the main office'}: {office.problem}")
    return _serve(settings, port, first=setup_codes(settings, port, at=now_utc()))


def clock(
    *,
    days: Annotated[
        int, Parameter(help="How many days to move on.", validator=Number(gte=0, lte=3660))
    ] = 0,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Show the demonstration's day; with --days N play N more days, each swept and delivered.

    Other demonstration jurisdictions move to the same day.
    """
    with open_ledger() as ledger:
        day = today.demo_day(ledger)
        if day is None:
            raise ConflictError("not-a-demonstration")
        until = day + dt.timedelta(days=max(days, 0))
        if moves := until > day and not dry_run:
            _live_on(ledger, until)
    for settings in _beside(ledger.settings) if moves else ():
        with Ledger.open(settings) as other:
            _live_on(other, until)
    if as_json:
        put_json({"on": until, "moved": (until - day).days, "dry_run": dry_run})
    else:
        put_line(f"{'would stand' if dry_run else 'the demonstration stands'} at {until}")


def _beside(settings: Settings) -> Iterator[Settings]:
    """Yield the settings of all other jurisdictions; none when the environment names one."""
    if not settings.jurisdiction:
        for other in jurisdictions.listed(settings)[1:]:
            yield jurisdictions.settings_of(settings, other.id)


def _live_on(ledger: Ledger, until: dt.date) -> None:
    """Play a demonstration's days up to `until`; a ledger in real use stays as it is."""
    if today.demo_day(ledger) is not None:
        for plan in today.plans(ledger):
            play.play(ledger, plan, until=until, progress=lambda _: None)


def _until(ledger: Ledger, on: dt.date | None) -> dt.date:
    """Begin the demonstration and return its last day; ConflictError for a past one."""
    plan = load_plan(PLAN)
    play.begin(ledger, plan)
    stands_at = today.demo_day(ledger) or plan.issued_on
    if on is not None and on < stands_at:
        raise ConflictError("demo-is-later", day=stands_at, asked=on)
    return max(on or UNTIL, stands_at)


def _live(ledger: Ledger, plans: Sequence[Plan], plan: str, until: dt.date) -> dict[str, Any]:
    """Play the `plans` of an office, and return the figures of `plan`."""
    since = plans[0].issued_on
    with progress() as bar:
        task = bar.add_task(f"living {plan}", total=(until - since).days + 1)

        def lived(day: dt.date) -> None:
            bar.update(task, completed=(day - since).days + 1)
            if bar.disable and day.day == 1:  # no bar is drawn: a line a month
                hint(f"living {plan}: {day}, until {until}")

        play.play_all(ledger, plans, until=until, progress=lived)
    return _document(ledger, plan, until)


def _document(ledger: Ledger, plan: str, until: dt.date) -> dict[str, Any]:
    with ledger.read() as conn:
        counts, head = overview.counts(conn, plan, until), chain.head(conn)
    return {
        "plan": plan,
        "until": until,
        "duties": counts.duties,
        "opened": counts.opened,
        "closed": counts.closed,
        "late": counts.late,
        "messages": counts.messages.get("sent", 0),
        "slips": counts.slips,
        "history": {"entries": head.entries, "head": head.head},
        "home": str(ledger.settings.home),
        "database": ledger.engine.url.render_as_string(hide_password=True),
    }


def _put(document: dict[str, Any], settings: Settings) -> None:
    put_line(f"DEMONSTRATION  {document['plan']} lived until {document['until']}")
    _put_figures(document)
    home, scheme = _near(settings.home), urlsplit(settings.mail_url).scheme
    mail = f"mail as files in {home / 'outbox'}" if scheme == "file" else f"mail left by {scheme}"
    put_line(f"  lies in   {home}, {mail}")
    for other in document.get("others", ()):
        put_line(f"BESIDE IT      {other['plan']}, in a jurisdiction of its own")
        _put_figures(other)
        put_line(f"  lies in   {_near(Path(other['home']))}")
    put_line(f"  took      {document['seconds']} s")


def _put_figures(document: dict[str, Any]) -> None:
    for name in ("duties", "opened", "closed", "late", "messages", "slips"):
        put_line(f"  {name:10}{document[name]}")
    put_line(f"  history   {document['history']['entries']} entries")
    put_line(f"  {document['history']['head']}")


def _near(path: Path) -> Path:
    """Return `path` relative to the working directory, if it is below it."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def _serve(
    settings: Settings,
    port: int,
    passwords: Mapping[str, str] = MappingProxyType({}),
    *,
    first: Sequence[str] = (),
) -> int:
    """Run the stack until it is stopped; `passwords` of demonstrations by jurisdiction.

    `first` are further lines to be shown once it is ready.
    """
    from flows.stack.server import secret_file  # noqa: PLC0415  the only imports of flows
    from flows.stack.tree import Beside, run_stack  # noqa: PLC0415

    words = (sys.executable, "-m", "desk.serve", str(port))
    with progress() as bar:
        task = bar.add_task("starting", total=None)

        def ready(url: str) -> None:
            bar.stop()
            prefect = f"{url} (its pages ask for the text of {secret_file(settings.installation)})"
            for line in (*welcome(settings, port, prefect, passwords), *first):
                hint(line)

        return run_stack(
            settings,
            prefect_port=port + 1,
            on_progress=lambda name, _: bar.update(task, description=f"starting {name}"),
            on_ready=ready,
            beside=[Beside("desk", words, port, "/health")],
        )


def welcome(
    settings: Settings, port: int, prefect: str, passwords: Mapping[str, str]
) -> Iterator[str]:
    """Yield the addresses of the running stack and the ways to sign in."""
    yield f"the desk is at {local_address(port)}, Prefect at {prefect}; Ctrl-C stops everything"
    if "" in passwords:
        cast = ", ".join(CAST)
        yield f"sign in as {cast}, or any AGENCY/officer; the password is {passwords['']}"
    for other in jurisdictions.listed(settings)[1:]:
        if other.id in passwords:
            at = f"http://{jurisdictions.host(other)}:{port}"
            yield f"{other.name} is at {at}; its password is {passwords[other.id]}"
        elif other.address:
            yield f"{other.name} is at {other.address}"
