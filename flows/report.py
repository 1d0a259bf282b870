"""When a report is prepared: a run of its own, started by the sweep of that day."""

from __future__ import annotations

import datetime as dt  # noqa: TC003  # Prefect reads the annotations

from prefect import flow

from flows import clock
from ledger.session import Ledger
from ledger.settings import load_settings
from tasks.preparing.report import prepare_reports


@flow(name="report", flow_run_name="{plan} {on}")
def report(plan: str, on: dt.date) -> int:
    """Prepare the draft of every report whose day has come; return how many."""
    with Ledger.open(load_settings()) as ledger:
        return prepare_reports(ledger, clock.tick(ledger, plan, on=on))["prepared"]
