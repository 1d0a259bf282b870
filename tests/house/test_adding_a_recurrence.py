"""A recurrence is one class in `catalog/dates/recurrence.py`, named below it."""

from __future__ import annotations

MODULE = "catalog/dates/recurrence.py"
TWO_MONTHLY = '''
class TwoMonthly(_Calendar):
    """Each second month: `2014-B1`."""

    months = 2
    label = "{year}-B{number}"


Recurs = Literal["two-monthly", '''
SCRIPT = """
from datetime import date
from catalog.plans.expand import expand
from catalog.plans.load import load_plan

plan = load_plan("harbour.toml")
for duty in expand(plan, since=plan.issued_on, until=date(2019, 6, 30)):
    if "two" in duty.obligation.recurrence:
        print(duty.period, duty.opens_on, duty.due_on)
"""


def test_a_class_and_its_name_make_duties_in_its_rhythm(house):
    house.replace(MODULE, "\nRecurs = Literal[", TWO_MONTHLY)
    house.replace(
        MODULE, '    "once": Once(),\n', '    "once": Once(),\n    "two-monthly": TwoMonthly(),\n'
    )
    plan = house.root / "catalog" / "plans" / "kindergartens-2019.toml"
    text = plan.read_text(encoding="utf-8")
    house.write("harbour.toml", text.replace('"half-yearly"', '"two-monthly"', 1))
    periods = house.python(SCRIPT).splitlines()[:2]
    assert periods == ["2019-B1 2019-01-09 2019-02-28", "2019-B2 2019-03-01 2019-04-30"]
