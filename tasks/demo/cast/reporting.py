"""Figures of the demonstration: readings, shares handed out, and basic data of localities."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.reports import readings
from tasks.deeds.readings import report_of
from tasks.demo.cast.parts import CORRECTS
from tasks.demo.figures import indicator, invented, share
from tasks.localities.handing_out import NewShare, hand_out
from tasks.localities.indicator_values import NewValue, report_values
from tasks.shares import handed_out
from tasks.tick import Counts

if TYPE_CHECKING:
    from catalog.plans.contents import Target
    from tasks.demo.cast.scene import Scene

SOURCE = "(演示)年度統計"
MENDED = "(演示)年度統計,更正"


def proves(scene: Scene) -> bool:
    """Tell whether figures prove the duty, so that they file it themselves."""
    return bool(_shared(scene)) or _brings_data(scene)


def prove(scene: Scene) -> Counts:
    """Hand out the shares of the year, or report the locality's basic data of it."""
    if targets := _shared(scene):
        return Counts(shared=_share_out(scene, targets), filed=1)
    return Counts(reported=_report(scene), filed=1)


def read(scene: Scene) -> Counts:
    """Report the year's figure of a target, once."""
    if _own(scene):
        return Counts()
    report_of(scene.ledger, scene.duty.key, scene.performer(), value=_figure(scene), source=SOURCE)
    return Counts(measured=1)


def correct(scene: Scene) -> Counts:
    """Correct a figure or a value the working day after its filing, if the city is one to."""
    duty = scene.duty
    if duty.performer != CORRECTS or not scene.past(duty.filed_on, 1):
        return Counts()
    if duty.kind == "target" and len(_own(scene)) == 1:
        value = str(round(float(_figure(scene)) * 1.02, 2))
        report_of(scene.ledger, duty.key, scene.performer(), value=value, source=MENDED)
        return Counts(corrected=1)
    if _brings_data(scene):
        year, first = int(duty.period), scene.edition.plan.indicators[0]
        last = indicator(first.id, first.unit, duty.performer, year + 1)
        new = [NewValue(duty.performer, first.id, last, MENDED)]
        plan = scene.edition.plan.plan
        return Counts(corrected=report_values(scene.ledger, plan, year, scene.performer(), new=new))
    return Counts()


def _own(scene: Scene) -> list[readings.Reading]:
    plan, duty = scene.edition.plan, scene.duty
    with scene.ledger.read() as conn:
        reported = readings.listed(conn, plan.plan, target=duty.obligation)
    return [reading for reading in reported if reading.duty == duty.key]


def _figure(scene: Scene) -> str:
    plan, duty = scene.edition.plan, scene.duty
    return invented(plan, plan.target(duty.obligation), int(duty.period), duty.party)


def _shared(scene: Scene) -> dict[str, Target]:
    duty = scene.duty
    if not duty.period.isdecimal():
        return {}
    return handed_out(scene.edition.plan, duty.obligation, int(duty.period))


def _share_out(scene: Scene, targets: dict[str, Target]) -> int:
    plan, year = scene.edition.plan, int(scene.duty.period)
    new = [
        NewShare(full, party, share(plan, target, year, party))
        for full, target in targets.items()
        for party in target.parties or ()
    ]
    return hand_out(scene.ledger, scene.duty.key, scene.performer(), new=new)


def _brings_data(scene: Scene) -> bool:
    plan, duty = scene.edition.plan, scene.duty
    brings = plan.indicators and plan.indicators_by == duty.obligation
    return bool(brings) and duty.period.isdecimal()


def _report(scene: Scene) -> int:
    plan, duty = scene.edition.plan, scene.duty
    city, year = duty.party or duty.performer, int(duty.period)
    new = [
        NewValue(city, each.id, indicator(each.id, each.unit, city, year), SOURCE)
        for each in plan.indicators
    ]
    return report_values(scene.ledger, plan.plan, year, scene.performer(), new=new)
