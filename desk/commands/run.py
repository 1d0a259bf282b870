"""`duban demo`, `duban up` and `duban clock`: the whole stack, and the demonstration's days.

The only place of the desk that may start flows.
"""

from __future__ import annotations

import datetime as dt
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlsplit

from cyclopts import Parameter

from catalog.errors import ConflictError
from catalog.plan import load_plan, plan_names
from desk.output import hint, progress, put_json, put_line
from desk.session import Day, DryRun, Json, instant, open_ledger
from ledger import history, overview
from tasks import demo as stage
from tasks import today

if TYPE_CHECKING:
    from ledger.session import Ledger
    from ledger.settings import Settings

PLAN = "guangdong-2013"
UNTIL = dt.date(2014, 3, 14)
PORT = 8180
CAST = ("office/officer", "dongguan/officer", "office/reviewer", "office/administrator")

Port = Annotated[
    int, Parameter(help="The desk's port; Prefect's server takes the next one.", negative="")
]
NoServe = Annotated[bool, Parameter(name="--no-serve", negative="", help="Replay and end.")]


def demo(
    *, on: Day | None = None, port: Port = PORT, no_serve: NoServe = False, as_json: Json = False
) -> int:
    """Replay the real plan with a scripted cast up to a day, then serve it on a demo clock.

    Other plans of the catalogue join in on the day each was issued.
    Everything it shows is demonstration data. It goes on where an interrupted run stopped.
    """
    began = time.monotonic()
    with open_ledger() as ledger:
        until = _play(ledger, on)
        document = _document(ledger, until, time.monotonic() - began)
        settings = ledger.settings
        password = None if no_serve else stage.password(ledger, at=instant())
    if as_json:
        put_json(document)
    else:
        _put(document, settings)
    return 0 if no_serve else _serve(settings, port, password)


def up(*, port: Port = PORT) -> int:
    """Serve the configured ledger: the desk, the daily sweeps, delivery, until Ctrl-C."""
    with open_ledger() as ledger:
        if today.demo_day(ledger) is not None:
            raise ConflictError("real-in-demo-home", home=ledger.settings.home)
        settings = ledger.settings
        if not today.plans(ledger):
            hint("no plan is in force yet: duban plan publish PLAN; its sweeps then start here")
    return _serve(settings, port)


def clock(
    *,
    days: Annotated[int, Parameter(help="How many days to move on.")] = 0,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Show the demonstration's day; with --days N live N more days, each swept and delivered."""
    with open_ledger() as ledger:
        day = today.demo_day(ledger)
        if day is None:
            raise ConflictError("not-a-demonstration")
        until = day + dt.timedelta(days=max(days, 0))
        if not dry_run:
            for plan in today.plans(ledger):
                stage.play(ledger, plan, until=until, progress=lambda _: None)
    if as_json:
        put_json({"on": until, "moved": (until - day).days, "dry_run": dry_run})
    else:
        put_line(f"{'would stand' if dry_run else 'the demonstration stands'} at {until}")


def _play(ledger: Ledger, on: dt.date | None) -> dt.date:
    plan = load_plan(PLAN)
    stage.begin(ledger, plan)
    every = [load_plan(name) for name in plan_names()]
    stands_at = today.demo_day(ledger) or plan.issued_on
    if on is not None and on < stands_at:
        raise ConflictError("demo-is-later", day=stands_at, asked=on)
    until = max(on or UNTIL, stands_at)
    with progress() as bar:
        task = bar.add_task(f"living {PLAN}", total=(until - plan.issued_on).days + 1)
        stage.play_all(
            ledger,
            every,
            until=until,
            progress=lambda day: bar.update(task, completed=(day - plan.issued_on).days + 1),
        )
    return until


def _document(ledger: Ledger, until: dt.date, seconds: float) -> dict[str, Any]:
    with ledger.read() as conn:
        counts, head = overview.counts(conn, PLAN, until), history.head(conn)
    return {
        "plan": PLAN,
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
        "seconds": round(seconds, 2),
    }


def _put(document: dict[str, Any], settings: Settings) -> None:
    put_line(f"DEMONSTRATION  {document['plan']} lived until {document['until']}")
    for name in ("duties", "opened", "closed", "late", "messages", "slips"):
        put_line(f"  {name:10}{document[name]}")
    put_line(f"  history   {document['history']['entries']} entries")
    put_line(f"  {document['history']['head']}")
    home, scheme = _near(settings.home), urlsplit(settings.mail_url).scheme
    mail = f"mail as files in {home / 'outbox'}" if scheme == "file" else f"mail left by {scheme}"
    put_line(f"  lies in   {home}, {mail}")
    put_line(f"  took      {document['seconds']} s")


def _near(path: Path) -> Path:
    """Return `path` as seen from here, if it lies below."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def _serve(settings: Settings, port: int, password: str | None = None) -> int:
    from flows.stack import Beside, run_stack  # noqa: PLC0415  the only import of flows

    words = (sys.executable, "-m", "desk.serve", str(port))
    with progress() as bar:
        task = bar.add_task("starting", total=None)
        return run_stack(
            settings,
            prefect_port=port + 1,
            on_progress=lambda name, _: bar.update(task, description=f"starting {name}"),
            on_ready=lambda url: _ready(bar, url, port, password),
            beside=[Beside("desk", words, port, "/health")],
        )


def _ready(bar: Any, url: str, port: int, password: str | None) -> None:
    bar.stop()
    hint(f"the desk is at http://127.0.0.1:{port}, Prefect at {url}; Ctrl-C stops everything")
    if password is not None:
        hint(f"sign in as {', '.join(CAST)}, or any AGENCY/officer; the password is {password}")
