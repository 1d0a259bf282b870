"""Report the figure of a target for a year."""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalog.errors import NotFoundError
from catalog.plans.trajectory import figure
from ledger.duties import duties, life
from ledger.reports import readings
from ledger.store.changes import Change
from tasks.deeds.frame import open_deed
from tasks.deeds.registry import does

if TYPE_CHECKING:
    from ledger.session import Ledger
    from tasks.act import Act


def report(
    ledger: Ledger, plan: str, target: str, act: Act, *, year: int, value: str, source: str
) -> int:
    """Record the figure of `target` for `year` and its source; return its number in that year.

    The performer of that year's reading duty reports it. A second figure is a correction: the first
    is kept, the last counts. NotFoundError for a target or year without a reading duty,
    UsageRefusedError for a value that is no figure, ConflictError naming the rule that refuses.
    """
    value = f"{figure(value):f}"
    key = _duty(ledger, plan, target, year)
    with open_deed(ledger, "report-reading", key, act, source=source) as deed:
        reported = readings.listed(deed.tx.conn, plan, target=target)
        number = sum(reading.year == year for reading in reported) + 1
        values = {
            "plan": plan,
            "target": target,
            "year": year,
            "number": number,
            "duty": key,
            "value": value,
            "source": deed.fields["source"],
            "reported_on": act.on,
            "reported_by": act.user,
        }
        reading = life.row_id(key, "reading", number)
        deed.record({}, Change("readings", reading, values, "insert"))
    return number


@does("report-reading")
def report_of(ledger: Ledger, key: str, act: Act, *, value: str, source: str) -> None:
    """Report the figure for the reading duty `key`."""
    plan, target, _, year = key.split("/")
    number = int(year) if year.isdecimal() else 0
    report(ledger, plan, target, act, year=number, value=value, source=source)


def _duty(ledger: Ledger, plan: str, target: str, year: int) -> str:
    """Return the key of the reading duty of `target` for `year`."""
    with ledger.read() as conn:
        rows = duties.listed(conn, plan=plan, measure=target.partition(".")[0])
    keys = {d.period: d.key for d in rows if d.obligation == target and d.kind == "target"}
    if not keys:
        raise NotFoundError("target-unknown", target=target)
    if str(year) not in keys:
        raise NotFoundError("target-year", target=target, year=year, years=", ".join(sorted(keys)))
    return keys[str(year)]
