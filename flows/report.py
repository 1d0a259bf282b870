"""Report flow: prepares the material of reports; the day's sweep starts it."""

from __future__ import annotations

import datetime as dt

from prefect import flow

from flows.run import clock, opening, runs
from tasks.preparing.report import prepare_reports


@flow(name="report", flow_run_name=runs.name_of_run)
def report(plan: str, on: dt.date, jurisdiction: str = "") -> int:
    """Prepare the draft of every report whose day has come; return how many."""
    with opening.ledger_of(jurisdiction) as ledger:
        return prepare_reports(ledger, clock.tick(ledger, plan, on=on))["prepared"]
