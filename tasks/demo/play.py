"""The demonstration: the real plan swept day by day, answered by its cast."""

from __future__ import annotations

import datetime as dt
import re
import secrets
from dataclasses import replace
from operator import attrgetter
from typing import TYPE_CHECKING

from catalog.dates.days import A_DAY
from catalog.errors import ConflictError
from ledger.offices.jurisdictions import Jurisdiction, listed, settings_of
from ledger.people import signin, users
from ledger.plans import editions
from ledger.post import letters
from ledger.store.changes import Change
from tasks.demo.cast import acting, people
from tasks.in_force import in_force
from tasks.offices.add import add
from tasks.people import passwords
from tasks.plans.publish import publish
from tasks.post.deliver import deliver
from tasks.sweep.sweep import sweep
from tasks.sweep_time import sweep_instant
from tasks.tick import Counts, Tick

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from catalog.plans.model import Plan
    from ledger.session import Ledger
    from ledger.settings import Settings

ANSWER_AFTER = dt.timedelta(hours=2)


def offices(plans: Iterable[Plan]) -> list[list[Plan]]:
    """Return the plans grouped by office, ordered by their first issue date."""
    plans_by_office: dict[str, list[Plan]] = {}
    for plan in sorted(plans, key=attrgetter("issued_on")):
        plans_by_office.setdefault(plan.agency(plan.office).name, []).append(plan)
    return list(plans_by_office.values())


def settings_beside(settings: Settings, plan: Plan, *, port: int) -> Settings:
    """Return the settings of the jurisdiction for the office of `plan`; add it if missing.

    Its address is a `*.localhost` name, which browsers resolve by themselves.
    """
    name = re.sub(r"-\d+$", "", plan.plan)
    if name not in {jurisdiction.id for jurisdiction in listed(settings)}:
        address = f"http://{name}.localhost:{port}"
        add(settings, Jurisdiction(name, plan.agency(plan.office).name, address))
    return settings_of(settings, name)


def begin(ledger: Ledger, plan: Plan) -> None:
    """Publish `plan` as a demonstration, with made-up addresses.

    ConflictError in a home with a real ledger: demonstration data must never mix with it.
    """
    with ledger.read() as conn:
        if any(not edition.is_demo for edition in editions.all_in_force(conn)):
            raise ConflictError("demo-in-real-home", home=ledger.settings.home)
    at = sweep_instant(plan.zone, plan.issued_on)
    publish(ledger, plan, at=at, actor="demo", demo=True)
    with ledger.read() as conn:
        swept = in_force(conn, plan.plan).row.swept_through
    if swept is None:
        people.introduce(ledger, plan, at=at)
    _end_leases(ledger, at)


def password(ledger: Ledger, *, at: dt.datetime) -> str:
    """Return the one password of the demonstration's cast, generated once and stored in the home.

    ConflictError in a ledger in real use: such accounts exist only in a demonstration.
    """
    with ledger.read() as conn:
        in_force_editions = editions.all_in_force(conn)
    if not in_force_editions or not all(edition.is_demo for edition in in_force_editions):
        raise ConflictError("not-a-demonstration")
    text = _once(ledger.settings.home / "demo-password", secrets.token_urlsafe(12))
    with ledger.transaction() as tx:
        cast_ids = [user.id for user in users.listed(tx.conn)]
        without = set(cast_ids) - tx.present("credentials", cast_ids)
        values = {"password": passwords.hash_password(text), "changed_at": at} if without else {}
        for user in sorted(map(str, without)):
            signin.put(tx, "credentials", user, values)
    return text


def play(
    ledger: Ledger, plan: str, *, until: dt.date, progress: Callable[[dt.date], None]
) -> Counts:
    """Play each day after the last one swept up to `until`: sweep, deliver, let the cast act.

    Resumes after an interruption: the last day swept may lack its mail and answers.
    """
    counts = Counts()
    with ledger.read() as conn:
        row = in_force(conn, plan).row
    on = row.issued_on
    if row.swept_through:
        counts.update(_answer(ledger, _tick(ledger, plan, row.swept_through)))
        on = row.swept_through + A_DAY
    while on <= until:
        counts.update(live(ledger, plan, on))
        progress(on)
        on += A_DAY
    return counts


def play_all(
    ledger: Ledger,
    plans: Iterable[Plan],
    *,
    until: dt.date,
    progress: Callable[[dt.date], None] = lambda _: None,
) -> Counts:
    """Play one office's plans up to `until`, each from its issue date, side by side."""
    counts, begun = Counts(), list[str]()
    for plan in sorted(plans, key=attrgetter("issued_on")):
        if plan.issued_on <= until:
            counts.update(_together(ledger, begun, until=plan.issued_on - A_DAY, progress=progress))
            begin(ledger, plan)
            begun.append(plan.plan)
    counts.update(_together(ledger, begun, until=until, progress=progress))
    return counts


def _together(
    ledger: Ledger, plans: list[str], *, until: dt.date, progress: Callable[[dt.date], None]
) -> Counts:
    """Play the plans up to `until`: a single one without a break, several day by day."""
    if len(plans) == 1:
        return play(ledger, plans[0], until=until, progress=progress)
    counts = Counts()
    while plans and (day := _next_day(ledger)) <= until:
        for plan in plans:
            counts.update(play(ledger, plan, until=day, progress=progress))
    return counts


def _next_day(ledger: Ledger) -> dt.date:
    """Return the first day that some plan in force has not played."""
    with ledger.read() as conn:
        in_force_editions = editions.all_in_force(conn)
    return min(
        e.swept_through + A_DAY if e.swept_through else e.issued_on for e in in_force_editions
    )


def live(ledger: Ledger, plan: str, on: dt.date) -> Counts:
    """Play one day of the demonstration: sweep, deliver, let the cast act."""
    tick = _tick(ledger, plan, on)
    counts = sweep(ledger, tick)
    counts.update(_answer(ledger, tick))
    return counts


def _tick(ledger: Ledger, plan: str, on: dt.date) -> Tick:
    with ledger.read() as conn:
        return Tick(plan, on, sweep_instant(in_force(conn, plan).plan.zone, on))


def _answer(ledger: Ledger, tick: Tick) -> Counts:
    """Deliver and let the cast act after a day's sweep; safe to repeat for the same day."""
    counts = deliver(ledger, on=tick.on, clock=lambda: tick.at)
    del counts["waiting"]
    with ledger.read() as conn:
        edition = in_force(conn, tick.plan)
    counts.update(acting.act(ledger, edition, replace(tick, at=tick.at + ANSWER_AFTER)))
    return counts


def _once(file: Path, words: str) -> str:
    """Return the text of `file`, after writing `words` if it is empty."""
    file.touch(mode=0o600)
    if not file.read_text(encoding="utf-8"):
        file.write_text(words, encoding="utf-8")
    return file.read_text(encoding="utf-8")


def _end_leases(ledger: Ledger, at: dt.datetime) -> None:
    """End the delivery leases of a killed run, which would outlast its day, at the instant `at`."""
    with ledger.transaction() as tx:
        claimed = [each for each in letters.listed(tx.conn, state="queued") if each.claimed_until]
        tx.lease(Change("letters", letter.id, {"claimed_until": at}) for letter in claimed)
