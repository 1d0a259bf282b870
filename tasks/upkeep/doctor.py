"""The findings of the doctor: one source for the command and the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.store import health
from tasks.upkeep.finding import Finding
from tasks.upkeep.installation_findings import of_backups, of_installation, of_other_offices
from tasks.upkeep.ledger_findings import of_ledger
from tasks.upkeep.plan_findings import of_plans

if TYPE_CHECKING:
    import datetime as dt

    from ledger.session import Ledger


def findings(ledger: Ledger, at: dt.datetime) -> list[Finding]:
    """Return all findings at the instant `at`; of a damaged database only what needs none."""
    settings = ledger.settings
    with ledger.read() as conn:
        state = health.health(conn)
        rows = [*of_installation(settings, at)]
        rows.append(Finding("database", state.sound, "as-is", {"text": state.detail}, state.mend))
        if not state.damaged:
            rows += [*of_ledger(ledger, conn, at), of_backups(ledger, conn, at)]
            rows += of_plans(conn, settings, at)
    return [*rows, *of_other_offices(settings, at)]
