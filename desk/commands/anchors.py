"""`duban anchors`: the published heads of the history, and the decision to go on without them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cyclopts import App

from catalog.errors import ConflictError, UsageRefusedError
from desk.commands.options import DryRun, Json, local_user, open_ledger
from desk.commands.output import put_json, put_line, put_outcome, put_table
from desk.commands.upgrade import alone
from ledger import upgrade
from ledger.offices.installation import load_settings
from ledger.proof import anchor_checks
from ledger.proof.anchors import on_file
from tasks import today
from tasks.act import Act
from tasks.clock import now_utc
from tasks.proof import accepting

if TYPE_CHECKING:
    from ledger.session import Ledger

app = App(name="anchors", help="The published heads of the history: list them, decide about them.")


@app.command(name="list")
def list_(*, as_json: Json = False) -> int:
    """List the anchors on file and those that are missing; ends with 6 where one does not hold."""
    with open_ledger() as ledger, ledger.read() as conn:
        home = ledger.settings.home
        contradicted, missing, unreadable = anchor_checks.compare(conn, home)
        anchors = sorted({*on_file(home).anchors, *missing}, key=lambda anchor: anchor.entries)
    states = dict.fromkeys(contradicted, "contradicted") | dict.fromkeys(missing, "missing")
    rows = [{**anchor._asdict(), "state": states.get(anchor, "holds")} for anchor in anchors]
    if as_json:
        put_json(rows)
    else:
        columns = ("on", "entries", "head", "state")
        put_table("", columns, [[row[column] for column in columns] for row in rows])
        for number in unreadable:
            put_line(f"line {number} of the file is no anchor")
    return 6 if states or unreadable else 0


@app.command
def accept(*, reason: str, dry_run: DryRun = False, as_json: Json = False) -> None:
    """Go on with the ledger as it is, although anchors contradict it or are missing.

    For the administrator, after an older backup was restored or the file of anchors was lost. The
    history records who decided and why; anchors that do not hold move to another file. A ledger
    that could not be upgraded before this decision is upgraded with it.
    """
    if not reason.strip():
        raise UsageRefusedError("anchors-need-reason")
    if not dry_run:
        _bring_up_to_date()
    with open_ledger() as ledger:
        if dry_run:
            acceptance = accepting.differing(ledger)
        else:
            acceptance = accepting.accept(ledger, _act(ledger), reason=reason)
    counts = {name: len(some) for name, some in acceptance.difference._asdict().items()}
    document = {"entries": acceptance.entries, "head": acceptance.head, **counts}
    line = ", ".join(f"{count} {name}" for name, count in counts.items())
    line = f"the history goes on from entry {acceptance.entries}; anchors: {line}"
    put_outcome(document, line, dry_run=dry_run, as_json=as_json)


def _bring_up_to_date() -> None:
    """Upgrade a ledger that `duban upgrade` refuses because of its anchors."""
    settings, at = load_settings(), now_utc()
    try:
        upgrade.pending(settings, at)
    except ConflictError:  # refused again below, where it has another reason
        with alone(settings):
            upgrade.upgraded(settings, at, anchored=False)


def _act(ledger: Ledger) -> Act:
    """Return the act of the person at the keyboard; an empty ledger has no plan and no zone."""
    plans, at = today.plans(ledger), now_utc()
    now = today.now(ledger, plans[0], now_utc) if plans else today.Now(at.date(), at)
    return Act(local_user(), *now)
