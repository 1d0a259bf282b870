"""Shared parts of commands: options of the contract, the open ledger, plans and days."""

from __future__ import annotations

import datetime as dt
import getpass
import sys
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter
from cyclopts.validators import Number

from catalog.errors import NotFoundError, UsageRefusedError
from desk.commands.output import hint
from ledger.offices.installation import load_settings
from ledger.session import Ledger
from tasks import today
from tasks.act import Act
from tasks.clock import YEARS, now_utc, typed_day
from tasks.offices import exchanging

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cyclopts import Token


def _day(_: type, tokens: Sequence[Token]) -> dt.date:
    """Return a typed day: 2014-03-14, 20140314 or 2014年3月14日."""
    text = tokens[0].value.strip()
    try:
        return typed_day(text)
    except ValueError:
        raise UsageRefusedError("day-unreadable", typed=text) from None


Year = Annotated[int, Parameter(validator=Number(gte=YEARS[0], lte=YEARS[-1]))]
Ordinal = Annotated[int, Parameter(validator=Number(gte=1, lt=2**31))]
Day = Annotated[dt.date, Parameter(converter=_day, n_tokens=1)]
Json = Annotated[bool, Parameter(name="--json", negative="", help="Print JSON (contract).")]
DryRun = Annotated[
    bool, Parameter(name="--dry-run", negative="", help="Show what would happen; change nothing.")
]
Actor = Annotated[str, Parameter(name="--as", help="Who does it.")]


@contextmanager
def open_ledger(*, dry_run: bool = False) -> Iterator[Ledger]:
    """Open the ledger of the environment's settings; a dry run stores nothing."""
    with Ledger.open(load_settings()) as ledger:
        _mark_demonstration(ledger)
        if not dry_run:
            yield ledger
            return
        with ledger.rehearsal() as rehearsal:
            yield rehearsal


@contextmanager
def open_main_ledger() -> Iterator[Ledger]:
    """Open the main ledger for a command about the whole installation.

    UsageRefusedError when DUBAN_JURISDICTION names another one.
    """
    if name := load_settings().jurisdiction:
        raise UsageRefusedError("jurisdiction-whole", jurisdiction=name)
    with open_ledger() as ledger:
        yield ledger


@contextmanager
def open_offices(*, dry_run: bool = False) -> Iterator[list[Ledger]]:
    """Open the ledger of every office, the main one first, or of the one DUBAN_JURISDICTION names.

    One that cannot be opened is named on stderr and left out.
    """
    if load_settings().jurisdiction:
        with open_ledger(dry_run=dry_run) as ledger:
            yield [ledger]
        return

    def failed(jurisdiction: str, error: Exception) -> None:
        hint(f"{jurisdiction or 'main'}: {error}")

    with ExitStack() as stack:
        ledgers = stack.enter_context(exchanging.offices(load_settings(), failed=failed)).values()
        yield [stack.enter_context(ledger.rehearsal()) if dry_run else ledger for ledger in ledgers]


def instant(ledger: Ledger) -> dt.datetime:
    """Return the present instant of a ledger; a demonstration has its own."""
    plans = today.plans(ledger)
    return today.now(ledger, plans[0], now_utc).at if plans else now_utc()


def _mark_demonstration(ledger: Ledger) -> None:
    """Tell a person at a terminal that the ledger holds demonstration data."""
    if sys.stderr.isatty() and (day := today.demo_day(ledger)):
        hint(f"demonstration data, standing at {day}")


def plans_in_scope(ledger: Ledger, plan: str | None) -> list[str]:
    """Return the code of `plan`, or all codes in force; NotFoundError when there is none."""
    plans = today.plans(ledger)
    if plan is not None and plan not in plans:
        raise NotFoundError("plan-not-in-force", plan=plan)
    if not plans:
        raise NotFoundError("no-plan-in-force")
    return plans if plan is None else [plan]


def day_or_today(ledger: Ledger, on: dt.date | None) -> dt.date:
    """Return the day `on`, by default the ledger's own today."""
    return on or today.now(ledger, plans_in_scope(ledger, None)[0], now_utc).on


def act_of(ledger: Ledger, actor: str, plan: str | None = None) -> tuple[str, Act]:
    """Return a plan's code, by default the first in force, and an act of `actor` in it now."""
    code = plans_in_scope(ledger, plan)[0]
    return code, Act(actor, *today.now(ledger, code, now_utc))


def local_user() -> str:
    """Return the operating system's user, the actor of deeds without `--as`."""
    return f"cli:{getpass.getuser()}"
