"""Basic data of the evaluation: the values of the indicators, by locality and year."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from catalog.clean import LONGEST_LINE, typed
from catalog.duties.standing import RUNNING, standing
from catalog.errors import ConflictError, DubanError, InvalidError, NotFoundError
from catalog.plans.trajectory import figure
from catalog.wording import say
from ledger.duties import duties
from ledger.people import agencies, users
from ledger.store.changes import Change
from tasks.basic_data import data_duty, lacking, last_values
from tasks.deeds.amount import check_amount
from tasks.deeds.answering import file_submission
from tasks.in_force import in_force
from tasks.reports.deciders import BYSTANDERS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from catalog.plans.model import Plan
    from ledger.session import Connection, Ledger
    from tasks.act import Act
    from tasks.basic_data import Values


class NewValue(NamedTuple):
    """A locality's figure of an indicator, as it was typed; `place` is the cell or field of it."""

    agency: str
    indicator: str
    value: str
    source: str
    place: str = ""


def report_values(
    ledger: Ledger, plan: str, year: int, act: Act, *, new: Sequence[NewValue]
) -> int:
    """Record the values of the indicators for `year`; return how many have changed.

    An officer of the locality reports its own, an officer of the office those of any. A changed
    value is kept beside the one before. The locality's yearly duty is filed when nothing of it is
    missing and its own officer reports. All is done or nothing: NotFoundError for a plan without
    indicators, InvalidError for a value, source or locality, ConflictError for the right to it.
    """
    with ledger.together() as whole:
        count = _record(whole, plan, year, act, new)
        for agency in dict.fromkeys(value.agency for value in new):
            _file(whole, plan, year, act, agency)
    return count


def faults(plan: Plan, new: Sequence[NewValue]) -> list[InvalidError]:
    """Return what is wrong with each value that cannot be recorded, by its place."""
    return [error for value in new for error in [_fault(plan, value)] if error]


def _record(ledger: Ledger, code: str, year: int, act: Act, new: Sequence[NewValue]) -> int:
    subject = f"{code}/indicators/{year}"
    with ledger.transaction() as tx:
        plan = in_force(tx.conn, code).plan
        if not plan.indicators:
            raise NotFoundError("indicators-none", plan=code)
        if not plan.starts_on.year <= year <= min(plan.ends_on.year, act.on.year):
            values = {"first": plan.starts_on.year, "last": min(plan.ends_on.year, act.on.year)}
            raise ConflictError("indicators-year", year=year, **values)
        for agency in dict.fromkeys(value.agency for value in new):
            _require_right(tx.conn, plan, agency, act)
        for error in faults(plan, new):
            raise error
        tx.hold("indicators", code, str(year))
        check_amount(tx.conn, subject, act)
        before = last_values(tx.conn, code, year)
        rows = [_row(plan, year, act, value, before) for value in new]
        changed = [row for row in rows if row]
        if changed:
            note = {"on": act.on, "year": year}
            tx.record(
                "indicators-reported",
                subject,
                changes=changed,
                note=note,
                at=act.at,
                actor=act.user,
            )
        return len(changed)


def _row(
    plan: Plan,
    year: int,
    act: Act,
    new: NewValue,
    before: Values,
) -> Change | None:
    """Return the row of a value, None where it is as it was."""
    last = before.get((new.agency, new.indicator))
    value, source = f"{figure(new.value):f}", typed(new.source, "source", LONGEST_LINE)
    if last and (last.value, last.source) == (value, source):
        return None
    number = last.number + 1 if last else 1
    values = {
        "plan": plan.plan,
        "indicator": new.indicator,
        "year": year,
        "agency": new.agency,
        "number": number,
        "value": value,
        "source": source,
        "reported_on": act.on,
        "reported_by": act.user,
    }
    key = f"{plan.plan}/{new.indicator}/{new.agency}/{year}#value-{number}"
    return Change("indicator_values", key, values, "insert")


def _require_right(conn: Connection, plan: Plan, agency: str, act: Act) -> None:
    """Refuse whoever belongs neither to the office nor to the locality, or its successor."""
    measure = (plan.indicators_by or "").partition(".")[0]
    holder = agencies.heirs(conn).of(agency, plan.plan, measure)
    actors = users.acting_for(conn, act.user, act.on)
    own = {actor.agency for actor in actors if actor.role not in BYSTANDERS}
    if not own & {plan.office, holder}:
        raise ConflictError("indicators-not-yours", user=act.user, agency=agency)


def _fault(plan: Plan, new: NewValue) -> InvalidError | None:
    place = new.place or f"{new.agency} {new.indicator}"
    if new.agency not in plan.localities():
        return InvalidError("indicator-locality", place=place, agency=new.agency)
    if new.indicator not in {indicator.id for indicator in plan.indicators}:
        return InvalidError("indicator-unknown", place=place, indicator=new.indicator)
    try:
        figure(new.value)
    except DubanError:
        return InvalidError("figure-in-cell", place=place, typed=new.value)
    if not new.source.strip():
        return InvalidError("indicator-source", place=place)
    return None


def _file(ledger: Ledger, plan: str, year: int, act: Act, agency: str) -> None:
    """File the locality's duty of the year where its data are whole and its officer reports."""
    with ledger.read() as conn:
        edition = in_force(conn, plan).plan
        key = data_duty(conn, edition, agency, year)
        if key is None or lacking(conn, edition, year).get(agency):
            return
        duty = duties.one(conn, key)
        own = {user.agency for user in users.acting_for(conn, act.user, act.on)}
        is_running = standing(duties.facts(duty), act.on).status in RUNNING
    if is_running and duty.performer in own:
        n = len(edition.indicators)
        summary = say(ledger.settings.lang, "indicators.summary", year=year, n=n)
        file_submission(ledger, key, act, summary=summary)
