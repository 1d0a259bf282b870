"""A home in which 21 localities have reported a year: one is silent, one corrected, one short."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from tasks.deeds import readings
from tasks.localities.handing_out import NewShare, hand_out
from tasks.localities.indicator_values import NewValue, report_values
from tasks.localities.rewards import reward
from tests.localities import CODE, city, plan_of_cities
from tests.world import PostOffice, World

if TYPE_CHECKING:
    from ledger.session import Ledger

CITIES = 21
TODAY = dt.date(2015, 3, 2)
TASKS = f"{CODE}/2.tasks/-/2014"


def live_localities(ledger: Ledger, cities: int = CITIES) -> World:
    """Publish the plan, hand its shares out, and report 2014; the last city says nothing."""
    world = World(ledger, PostOffice())
    world.publish(plan_of_cities(cities, ("value = 60", f"value = {20 * cities}")))
    world.sweep(dt.date(2014, 1, 6))
    shares = [NewShare("1.invest", city(n), str(10 + n % 3)) for n in range(cities)]
    hand_out(ledger, TASKS, world.act("trade/officer"), new=shares)
    world.sweep(TODAY)
    for number in range(cities - 1):
        _report(world, number)
    fields = {"text": "通報表揚，獎勵加工貿易轉型升級專項資金", "document": "粵府〔2015〕9號"}
    reward(ledger, CODE, 2014, city(0), world.act("office/officer"), **fields)
    return world


def _report(world: World, number: int) -> None:
    officer = world.act(f"{city(number)}/officer")
    for value in (f"{9.5 + number % 4}", "10.25")[: 2 if number == 7 else 1]:
        fields = {"year": 2014, "value": value, "source": "海關統計年報", "party": city(number)}
        readings.report(world.ledger, CODE, "1.invest", officer, **fields)
    figures = {
        "schemes": str(30 - number),
        "fees": str(1200 + 15 * number),
        "platforms": str(1 + (number * 7) % 11),
        "brands": f"{18 + (number * 5) % 13}.5",
    }
    if number == 5:
        figures = {name: figures[name] for name in ("schemes", "fees")}
    new = [NewValue(city(number), name, value, "統計年報") for name, value in figures.items()]
    report_values(world.ledger, CODE, 2014, officer, new=new)
