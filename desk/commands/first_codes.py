"""The one-time codes of offices that nobody has used yet, for whoever starts duban."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from desk.access import setup_code
from ledger.offices.jurisdictions import listed, settings_of
from ledger.plans import editions
from ledger.session import UNREADABLE, Ledger
from tasks.desk_address import local_address
from tasks.setup.stage import is_empty

if TYPE_CHECKING:
    import datetime as dt

    from ledger.settings import Settings


def setup_codes(settings: Settings, port: int, *, at: dt.datetime, anew: bool = True) -> list[str]:
    """Make a code for each office that nobody has used yet, and return the lines that give them.

    Without `anew` a code that is still good stays, as the desk of `duban up` finds it. At a
    terminal a line has the code itself. A service writes its lines into a log, so there the code
    lies in a file of the home that only its owner can read, and the line names the file.
    """
    lines = []
    for office in listed(settings):
        try:
            own = settings_of(settings, office.id)
            if not anew and setup_code.is_under_way(own.home, at):
                continue
            if (line := _line(own, port, at)) is not None:
                lines.append(f"{office.name}: {line}" if office.name else line)
        except UNREADABLE:  # said already, with what is wrong
            continue
    return lines


def _line(settings: Settings, port: int, at: dt.datetime) -> str | None:
    with Ledger.open(settings) as ledger, ledger.read() as conn:
        if not is_empty(conn):
            setup_code.end(settings.home)
            if editions.all_in_force(conn):
                return None
            return "no plan is in force yet: an administrator goes on at /setup"
    code = setup_code.issue(settings.home, at)
    where = f"{settings.base_url or local_address(port)}/setup"
    if sys.stderr.isatty():
        return f"set it up at {where} with the one-time code {code}, valid for an hour"
    file = setup_code.leave_in_file(settings.home, code)
    return f"set it up at {where} with the one-time code in {file}, valid for an hour"
