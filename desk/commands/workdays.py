"""`duban workdays`: the working-day tables in force, and the notice of a year taken in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import App, Parameter

from catalog.dates.notice_text import read_notice
from catalog.dates.workdays import notices_with
from catalog.errors import InvalidError, NotFoundError
from desk.commands.options import Actor, DryRun, Json, instant, local_user, open_ledger
from desk.commands.output import put_json, put_line, put_outcome, put_table
from ledger import holiday_notices
from tasks import today
from tasks.act import Act
from tasks.clock import now_utc, time_zone
from tasks.plans.holidays import effect, record

if TYPE_CHECKING:
    from ledger.session import Ledger

app = App(name="workdays", help="Working days: the tables in force, and the notice of a year.")
Calendar = Annotated[str, Parameter(name="--calendar", help="The calendar of the plans.")]


@app.command(name="list")
def list_(*, calendar: Calendar = "CN", as_json: Json = False) -> None:
    """List the years with a holiday notice: days off, weekend days worked, and the notice."""
    with open_ledger() as ledger, ledger.read() as conn:
        own = holiday_notices.recorded(conn, calendar)
        version = holiday_notices.calendar(conn, calendar).version
    here = {notice.year for notice in own}
    rows = [{**n._asdict(), "recorded_here": n.year in here} for n in notices_with(calendar, own)]
    if as_json:
        put_json({"calendar": calendar, "version": version, "years": rows})
        return
    lines = [
        (
            row["year"],
            " ".join(f"{first}/{last}" for first, last in row["off"]),
            " ".join(map(str, row["work"])),
            "this ledger" if row["recorded_here"] else "shipped",
        )
        for row in rows
    ]
    put_table(f"{calendar} {version}", ("year", "off", "worked", "from"), lines)


@app.command
def add(
    file: Path,
    *,
    calendar: Calendar = "CN",
    actor: Actor | None = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Record the notice of a year in FILE; it takes the place of a shipped one.

    Its lines: off DAY DAY, work DAY, source TEXT; or TOML. The next sweep calculates the duties
    under way anew; those whose days move are listed.
    """
    notice = read_notice(_text(file))
    with open_ledger() as ledger:
        act = _act(ledger, actor or local_user())
        changes = effect(ledger, calendar, notice, act)
        new = changes.is_new if dry_run else record(ledger, calendar, notice, act)
    moved = [{"key": d.key, "before": changes.was[d.key], "after": d.due_on} for d in changes.moved]
    days = {"now_off": changes.now_off, "now_worked": changes.now_worked}
    line = (
        f"{calendar} {notice.year}: {'recorded' if new else 'as it was'}, {len(moved)} duties move"
    )
    if not as_json:
        for each in moved:
            put_line(f"{each['key']}: {each['before']} -> {each['after']}")
    document = {"calendar": calendar, "year": notice.year, "new": new, **days, "moved": moved}
    put_outcome(document, line, dry_run=dry_run, as_json=as_json)


def _act(ledger: Ledger, user: str) -> Act:
    """Return an act now, on the day of a demonstration or of the plans' zone."""
    if plans := today.plans(ledger):
        return Act(user, *today.now(ledger, plans[0], now_utc))
    at = instant(ledger)
    return Act(user, at.astimezone(time_zone("Asia/Shanghai")).date(), at)


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise NotFoundError("file-unknown", file=file) from None
    except (OSError, UnicodeDecodeError):
        raise InvalidError("file-not-text", place=file) from None
