"""Report flow: prepares the material of reports; the day's sweep starts it."""

from __future__ import annotations

import datetime as dt

from prefect import flow

from flows.run import runs, ticks
from flows.run.jurisdiction import ledger_of
from tasks.preparing.report import prepare_reports


@flow(name="report", flow_run_name=runs.name_of_run)
def report(plan: str, on: dt.date, jurisdiction: str = "") -> int:
    """Prepare the draft of every report whose day has come; return how many."""
    with ledger_of(jurisdiction) as ledger:
        return prepare_reports(ledger, ticks.tick(ledger, plan, on=on))["prepared"]
