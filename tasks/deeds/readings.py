"""Report the figure of a target for a year."""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalog.errors import NotFoundError
from catalog.plans.trajectory import figure
from ledger.duties import duties, life
from ledger.people import users
from ledger.reports import readings
from ledger.store.changes import Change
from tasks.deeds.frame import open_deed
from tasks.deeds.registry import does

if TYPE_CHECKING:
    from ledger.session import Ledger
    from tasks.act import Act


def report(
    ledger: Ledger,
    plan: str,
    target: str,
    act: Act,
    *,
    year: int,
    value: str,
    source: str,
    party: str = "",
) -> int:
    """Record the figure of `target` for `year` and its source; return its number in that year.

    The performer of that year's reading duty reports it: the lead, or `party` of a target that has
    parties, by default the one whose part the actor's agency holds. A second figure is a
    correction: the first is kept, the last counts. NotFoundError for a target, year or party
    without a reading duty, UsageRefusedError for a value that is no figure, ConflictError naming
    the rule that refuses.
    """
    key = _duty(ledger, plan, target, year, party=party, act=act)
    return report_of(ledger, key, act, value=value, source=source)


@does("report-reading")
def report_of(ledger: Ledger, key: str, act: Act, *, value: str, source: str) -> int:
    """Report the figure for the reading duty `key`; return its number in that year."""
    value = f"{figure(value):f}"
    plan, target, _, period = key.split("/")
    year = int(period) if period.isdecimal() else 0
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


def _duty(ledger: Ledger, plan: str, target: str, year: int, *, party: str, act: Act) -> str:
    """Return the key of the reading duty of `target` for `year`, of one party where it has some."""
    with ledger.read() as conn:
        rows = duties.listed(conn, plan=plan, measure=target.partition(".")[0])
        own = {user.agency for user in users.acting_for(conn, act.user, act.on)}
    of_target = [d for d in rows if d.obligation == target and d.kind == "target"]
    if not of_target:
        raise NotFoundError("target-unknown", target=target)
    of_year = [d for d in of_target if d.period == str(year)]
    if not of_year:
        years = ", ".join(sorted({d.period for d in of_target}))
        raise NotFoundError("target-year", target=target, year=year, years=years)
    keys = {d.key.split("/")[2]: d.key for d in of_year}
    theirs = [d.key for d in of_year if d.performer in own]
    if key := keys.get(party) if party else (theirs or [keys.get("-", "")])[0]:
        return key
    raise NotFoundError("target-party", target=target, year=year, parties=", ".join(keys))
