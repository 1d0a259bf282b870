"""Meeting flow: prepares agendas; the day's sweep starts it."""

from __future__ import annotations

import datetime as dt

from prefect import flow

from flows.run import runs, ticks
from flows.run.jurisdiction import ledger_of
from tasks.preparing.meeting import prepare_meetings


@flow(name="meeting", flow_run_name=runs.name_of_run)
def meeting(plan: str, on: dt.date, jurisdiction: str = "") -> int:
    """Prepare the agenda of every meeting whose day has come; return how many."""
    with ledger_of(jurisdiction) as ledger:
        return prepare_meetings(ledger, ticks.tick(ledger, plan, on=on))["prepared"]
