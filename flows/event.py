"""Event flow: prepares the calendars of event quotas; the day's sweep starts it."""

from __future__ import annotations

import datetime as dt

from prefect import flow

from flows.run import runs, ticks
from flows.run.jurisdiction import ledger_of
from tasks.preparing.event import prepare_events


@flow(name="event", flow_run_name=runs.name_of_run)
def event(plan: str, on: dt.date, jurisdiction: str = "") -> int:
    """Prepare the calendar of each event quota due for preparation; return how many."""
    with ledger_of(jurisdiction) as ledger:
        return prepare_events(ledger, ticks.tick(ledger, plan, on=on))["prepared"]
