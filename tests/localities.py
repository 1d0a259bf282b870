"""A small plan of localities: shares, indicators, and the yearly duties behind them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalog.plans.file import parse
from catalog.plans.load import plan_of

if TYPE_CHECKING:
    from catalog.plans.model import Plan

CODE = "localities-2014"
NAMES = tuple("穗深珠汕佛韶河梅惠莞中江陽湛茂肇清潮揭雲尾")

HEAD = f"""\
plan = "{CODE}"
title = "各地轉型升級計劃"
issued_on = 2014-01-06
starts_on = 2014-01-01
ends_on = 2015-12-31
office = "office"
indicators_by = "3.data"
evaluated_by = "4.report"

[[agency]]
id = "office"
name = "協調辦公室"
kind = "office"
host = "trade"

[[agency]]
id = "trade"
name = "省外經貿廳"
kind = "department"

[[agency]]
id = "statistics"
name = "省統計局"
kind = "department"

[[agency]]
id = "reviewer"
name = "省審計廳"
kind = "department"
"""

INDICATORS = """\
[[indicator]]
id = "schemes"
group = "制度創新"
name = "配套政策數"
unit = "個"
weight = 20

[[indicator]]
id = "fees"
group = "政策環境改善"
name = "企業平均收費"
unit = "元"
weight = 20
better = "lower"

[[indicator]]
id = "platforms"
group = "平臺建設"
name = "服務平臺數"
unit = "個"
weight = 20

[[indicator]]
id = "brands"
group = "企業競爭力提高"
name = "自主品牌出口占比"
unit = "%"
weight = 40
"""

MEASURES = """\
[[measure]]
number = "1"
chapter = "一"
section = "(一)"
title = "目標"
lead = "trade"
participants = ["cities"]

[[measure.target]]
id = "invest"
indicator = "新增投資"
value = 60
unit = "億美元"
by = 2015-12-31
says = "60億美元"
measured = "cumulative"
parties = "cities"
shared_by = "2.tasks"

[[measure.target]]
id = "emerging"
indicator = "新興市場占比"
value = 21
unit = "%"
by = 2015-12-31
says = "21%"
bound = "at-least"
baseline = { value = 18, on = 2013-12-31 }
parties = "cities"

[[measure]]
number = "2"
chapter = "一"
section = "(一)"
title = "分解"
lead = "trade"

[[measure.obligation]]
id = "tasks"
kind = "report"
title = "分解落實各地年度目標任務"
says = "分解落實"
basis = "plan"
recurrence = "yearly"

[[measure]]
number = "3"
chapter = "一"
section = "(一)"
title = "基礎數據"
lead = "trade"

[[measure.obligation]]
id = "data"
kind = "report"
title = "報送基礎數據"
says = "基礎數據"
basis = "plan"
recurrence = "yearly"
opens = "end + 1 day"
due = "end + 2 months"
parties = "cities"

[[measure]]
number = "4"
chapter = "一"
section = "(一)"
title = "評價"
lead = "trade"

[[measure.obligation]]
id = "report"
kind = "report"
title = "上報綜合評價分析報告"
says = "分析報告"
basis = "plan"
recurrence = "yearly"
opens = "end + 1 day"
due = "end + 3 months"
"""


def city(number: int) -> str:
    """Return the id of the city of that number, from 0."""
    return f"city-{number + 1}"


def plan_of_cities(count: int = 3, *changes: tuple[str, str]) -> Plan:
    """Return the plan with so many cities, after the textual `changes` to its file."""
    cities = [
        f'[[agency]]\nid = "{city(n)}"\nname = "{NAMES[n]}市人民政府"\nkind = "city"\n'
        for n in range(count)
    ]
    members = ", ".join(f'"{city(n)}"' for n in range(count))
    group = f'[[group]]\nid = "cities"\nname = "各地"\nmembers = [{members}]\n'
    text = "\n".join([HEAD, *cities, group, INDICATORS, MEASURES])
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return plan_of(parse(text.encode(), "localities.toml"))
