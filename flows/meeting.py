"""Meeting flow: prepares agendas; the day's sweep starts it."""

from __future__ import annotations

import datetime as dt

from prefect import flow

from flows.run import clock, opening, runs
from tasks.preparing.meeting import prepare_meetings


@flow(name="meeting", flow_run_name=runs.name_of_run)
def meeting(plan: str, on: dt.date, jurisdiction: str = "") -> int:
    """Prepare the agenda of every meeting whose day has come; return how many."""
    with opening.ledger_of(jurisdiction) as ledger:
        return prepare_meetings(ledger, clock.tick(ledger, plan, on=on))["prepared"]
