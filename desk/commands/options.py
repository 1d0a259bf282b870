"""What every command shares: the open ledger, the day it is, and the options of the contract."""

from __future__ import annotations

import datetime as dt
import getpass
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from catalog.errors import NotFoundError, UsageRefusedError
from desk.commands.output import hint
from ledger.offices.installation import load_settings
from ledger.session import Ledger
from tasks import today
from tasks.clock import now_utc, typed_day

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cyclopts import Token


def _day(_: type, tokens: Sequence[Token]) -> dt.date:
    """Return the day a person typed: 2014-03-14, 20140314 or 2014年3月14日."""
    text = tokens[0].value.strip()
    try:
        return typed_day(text)
    except ValueError:
        raise UsageRefusedError("day-unreadable", typed=text) from None


Day = Annotated[dt.date, Parameter(converter=_day, n_tokens=1)]
Json = Annotated[bool, Parameter(name="--json", negative="", help="Print JSON (contract).")]
DryRun = Annotated[
    bool, Parameter(name="--dry-run", negative="", help="Show what would happen; change nothing.")
]
Actor = Annotated[str, Parameter(name="--as", help="Who does it.")]


@contextmanager
def open_ledger(*, dry_run: bool = False) -> Iterator[Ledger]:
    """Open the ledger of the environment's settings; in a dry run nothing of it is kept."""
    with Ledger.open(load_settings()) as ledger:
        _mark_demonstration(ledger)
        if not dry_run:
            yield ledger
            return
        with ledger.rehearsal() as rehearsed:
            yield rehearsed


@contextmanager
def open_whole() -> Iterator[Ledger]:
    """Open the main ledger for what is of the whole installation.

    UsageRefusedError where DUBAN_JURISDICTION asks for one of the others.
    """
    if asked := load_settings().jurisdiction:
        raise UsageRefusedError("jurisdiction-whole", jurisdiction=asked)
    with open_ledger() as ledger:
        yield ledger


def _mark_demonstration(ledger: Ledger) -> None:
    """Tell a person at a terminal that what follows is demonstration data."""
    if sys.stderr.isatty() and (day := today.demo_day(ledger)):
        hint(f"demonstration data, standing at {day}")


def plans_asked(ledger: Ledger, plan: str | None) -> list[str]:
    """Return the plan asked for, or all in force; NotFoundError when there is none."""
    held = today.plans(ledger)
    if plan is not None and plan not in held:
        raise NotFoundError("plan-not-in-force", plan=plan)
    if not held:
        raise NotFoundError("no-plan-in-force")
    return held if plan is None else [plan]


def day_asked(ledger: Ledger, on: dt.date | None) -> dt.date:
    """Return the day asked for, or the ledger's own today."""
    return on or today.now(ledger, plans_asked(ledger, None)[0], now_utc).on


def who() -> str:
    """Return who is at the keyboard, for the history of deeds without `--as`."""
    return f"cli:{getpass.getuser()}"
