"""The story of the real plan: what happens once, on its day, beside the script of every duty."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from catalog.errors import ConflictError, NotFoundError
from ledger.proof import chain
from tasks.act import Act
from tasks.deeds import answering, extending, pausing, raising, reassigning, urging
from tasks.plans import problems
from tasks.plans.assigning import Order, assign_all
from tasks.tick import Counts

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ledger.session import Ledger
    from tasks.in_force import InForce
    from tasks.tick import Tick

GUANGDONG = "guangdong-2013"


class Bodies(NamedTuple):
    """The bodies that an open group stands for, and the document that names them."""

    members: tuple[str, ...]
    document: str


class Decision(NamedTuple):
    """A decision of a meeting; due so many days after it is assigned."""

    title: str
    to: str
    days: int
    participants: tuple[str, ...] = ()


class Letter(NamedTuple):
    """A document that asks for work beside the plan: its name, its number and its day."""

    name: str
    number: str
    dated_on: dt.date


class Event(NamedTuple):
    """A deed of one agency's officer on a day, and its name in the history.

    `key` is that of the duty without the plan, "" for a deed on the plan as a whole.
    """

    on: dt.date
    agency: str
    key: str
    entry: str
    deed: Callable[[Ledger, str, Act], object]


BODIES: Mapping[str, Mapping[str, Bodies]] = {
    GUANGDONG: {
        "cities-concerned": Bodies(
            ("dongguan", "zhongshan", "huizhou", "shaoguan", "zhaoqing", "heyuan"),
            "(演示)粵加貿辦函〔2013〕1號",
        )
    }
}
# The meeting that is proposed for one day and held on a later one.
MOVED = frozenset({f"{GUANGDONG}/S1.meeting/-/2014"})
DECISIONS: Mapping[str, tuple[Decision, ...]] = {  # by the meeting
    f"{GUANGDONG}/S1.meeting/-/2013": (
        Decision("(演示)梳理各市實施方案中的跨市事項,提出協調意見", "reform", 45, ("wjmt",)),
        Decision("(演示)核對加工貿易企業名錄,供各市報送數據時使用", "statistics", 30, ("customs",)),
    ),
    f"{GUANGDONG}/S1.meeting/-/2014": (
        Decision("(演示)印發綜合評價指標的統計口徑說明", "statistics", 45, ("wjmt",)),
        Decision("(演示)會同各市研究園區通關時效問題並提出辦法", "customs", 60, ("wjmt",)),
    ),
}


def _on(month: int, day: int, *, year: int) -> dt.date:
    return dt.date(year, month, day)


def _assign(ledger: Ledger, key: str, act: Act, *, letter: Letter, orders: Sequence[Order]) -> None:
    """Assign what the letter asks for; `key` is that of the first duty."""
    plan, _, _ = key.partition("/")
    sourced = [
        order._replace(source=letter.name, document=letter.number, dated_on=letter.dated_on)
        for order in orders
    ]
    assign_all(ledger, plan, act, sourced)


_THIRTEEN, _FOURTEEN = partial(_on, year=2013), partial(_on, year=2014)
_REFUSED = "(演示)外貿進出口服務平臺由外經貿部門主管,本廳不宜承辦。"
_GIVEN = "(演示)按職能由省外經貿廳承辦,省科技廳驗收。"
# Of these one is overdue on 14 March 2014, two are filed and three are due within a fortnight.
INSTRUCTED = (
    Order("(演示)報送加工貿易企業停產外遷情況和應對措施", "zhaoqing", _FOURTEEN(3, 7)),
    Order("(演示)報送重點企業增資擴產項目清單", "guangzhou", _FOURTEEN(3, 24)),
    Order(
        "(演示)提出園區通關便利化試點方案", "dongguan", _FOURTEEN(3, 28), participants=("customs",)
    ),
    Order("(演示)報送跨境電子商務試點進展和問題", "shenzhen", _FOURTEEN(3, 21)),
    Order("(演示)協調臺資企業聯合招工", "zhongshan", _FOURTEEN(3, 26)),
    Order("(演示)報送企業內銷便利化建議", "huizhou", _FOURTEEN(3, 27)),
)
_QUARTERLY = Order(
    "(演示)按季報送加工貿易進出口和通關數據",
    "customs",
    _FOURTEEN(3, 31),
    recurrence="quarterly",
    until=_FOURTEEN(12, 31),
)
_PLAN_PROBLEM = "(演示)商協會普遍反映各市配套措施口徑不一,請統一。"
_PLAN_ANSWER = "(演示)已列入下次協調會議議題,會前先商各市。"

STORY: Mapping[str, tuple[Event, ...]] = {
    GUANGDONG: (
        Event(
            _THIRTEEN(9, 10),
            "science",
            "36.platform-policy/-/once",
            "refused",
            partial(answering.refuse, reason=_REFUSED),
        ),
        Event(
            _THIRTEEN(9, 13),
            "office",
            "36.platform-policy/-/once",
            "reassigned",
            partial(
                reassigning.reassign,
                to="wjmt",
                reason=_GIVEN,
                document="(演示)粵加貿辦函〔2013〕3號",
            ),
        ),
        Event(
            _THIRTEEN(10, 15),
            "office",
            "37.financing-platform/-/once",
            "commented",
            partial(raising.comment, text="(演示)設立方案請先商省財政廳、省金融辦。"),
        ),
        Event(
            _THIRTEEN(10, 21),
            "civil",
            "",
            "plan-problem-raised",
            partial(problems.raise_problem, text=_PLAN_PROBLEM),
        ),
        Event(
            _THIRTEEN(10, 28),
            "office",
            "",
            "plan-problem-answered",
            partial(problems.answer_problem, number=1, text=_PLAN_ANSWER),
        ),
        Event(
            _THIRTEEN(11, 12),
            "office",
            "9.recall-pilot/-/once",
            "suspended",
            partial(pausing.suspend, reason="(演示)監管方案待海關總署批復,暫停計時。"),
        ),
        Event(
            _THIRTEEN(11, 18),
            "office",
            "S1.local-plans/zhaoqing/once",
            "urged",
            partial(urging.urge, text="(演示)其他各市均已報送,請於本月內報送實施方案。"),
        ),
        Event(
            _THIRTEEN(12, 3),
            "office",
            "42.talks-taiwan/-/2013",
            "waived",
            partial(
                pausing.waive,
                reason="(演示)本年會談併入粵臺經貿交流活動,不另行召開。",
                document="(演示)粵加貿辦函〔2013〕12號",
            ),
        ),
        Event(
            _FOURTEEN(2, 17),
            "office",
            "9.recall-pilot/-/once",
            "resumed",
            partial(pausing.resume, reason="(演示)海關總署已批復,恢復計時。"),
        ),
        Event(
            _FOURTEEN(2, 20),
            "office",
            "31.data/zhaoqing/2013",
            "urged",
            partial(urging.urge, text="(演示)綜合評價即將開始,請儘快補報基礎數據。"),
        ),
        Event(
            _FOURTEEN(2, 24),
            "office",
            "adhoc.3/-/once",
            "assigned",
            partial(
                _assign,
                letter=Letter("(演示)省領導批示", "(演示)粵府批〔2014〕7號", _FOURTEEN(2, 21)),
                orders=INSTRUCTED,
            ),
        ),
        Event(
            _FOURTEEN(3, 3),
            "office",
            "adhoc.9/-/2014-Q1",
            "assigned",
            partial(
                _assign,
                letter=Letter("(演示)商務部來函", "(演示)商辦函〔2014〕31號", _FOURTEEN(2, 28)),
                orders=(_QUARTERLY,),
            ),
        ),
        Event(
            _FOURTEEN(3, 12),
            "dongguan",
            "20.transfer-schemes/dongguan/once",
            "problem-raised",
            partial(raising.raise_problem, text="(演示)轉出企業用地指標由哪級解決,請明確。"),
        ),
        Event(
            _FOURTEEN(3, 13),
            "finance",
            "S2.funds/-/2014",
            "extension-asked",
            partial(
                extending.ask,
                to=_FOURTEEN(4, 30),
                reason="(演示)資金方案待預算批准後印發。",
            ),
        ),
        Event(
            _FOURTEEN(3, 18),
            "office",
            "S2.funds/-/2014",
            "extension-granted",
            partial(extending.grant, document="(演示)粵加貿辦函〔2014〕4號"),
        ),
        Event(
            _FOURTEEN(3, 18),
            "office",
            "20.transfer-schemes/dongguan/once",
            "problem-answered",
            partial(raising.answer_problem, number=1, text="(演示)已請省國土部門研究答復。"),
        ),
        Event(
            _FOURTEEN(4, 16),
            "posts",
            "38.capacity-devolution/-/once",
            "refused",
            partial(answering.refuse, reason="(演示)核查權限屬外經貿部門,本辦不宜承辦。"),
        ),
        Event(
            _FOURTEEN(4, 21),
            "office",
            "38.capacity-devolution/-/once",
            "reassigned",
            partial(
                reassigning.reassign,
                to="wjmt",
                reason="(演示)由省外經貿廳承辦,省編辦驗收。",
                document="(演示)粵加貿辦函〔2014〕5號",
            ),
        ),
        Event(
            _FOURTEEN(5, 12),
            "office",
            "30.local-measures/zhaoqing/once",
            "urged",
            partial(urging.urge, text="(演示)省扶持措施已印發半年,請儘快出臺配套措施。"),
        ),
        Event(
            _FOURTEEN(5, 20),
            "office",
            "12.dongguan-pilot/-/once",
            "commented",
            partial(raising.comment, text="(演示)試點方案請抄送東莞市,便於銜接。"),
        ),
        Event(
            _FOURTEEN(7, 8),
            "office",
            "42.talks-macao/-/2014",
            "suspended",
            partial(pausing.suspend, reason="(演示)澳方調整日程,待確定會期後恢復。"),
        ),
        Event(
            _FOURTEEN(8, 18),
            "office",
            "42.talks-macao/-/2014",
            "resumed",
            partial(pausing.resume, reason="(演示)澳方已確定會期。"),
        ),
        Event(
            _FOURTEEN(9, 16),
            "office",
            "42.docking/-/2014",
            "waived",
            partial(
                pausing.waive,
                reason="(演示)本年粵港經濟技術貿易合作交流會不舉辦。",
                document="(演示)粵加貿辦函〔2014〕11號",
            ),
        ),
        Event(
            _FOURTEEN(10, 13),
            "exim",
            "",
            "plan-problem-raised",
            partial(problems.raise_problem, text="(演示)企業融資需求數據分散,請建立共享渠道。"),
        ),
        Event(
            _FOURTEEN(10, 20),
            "office",
            "",
            "plan-problem-answered",
            partial(problems.answer_problem, number=2, text="(演示)請省金融辦牽頭彙總,按季通報。"),
        ),
    )
}


def tell(ledger: Ledger, edition: InForce, tick: Tick) -> Counts:
    """Do what the story has for the day, once; what a visitor has decided otherwise stays so."""
    plan, counts = edition.plan.plan, Counts()
    for event in STORY.get(plan, ()):
        if event.on == tick.on and not _is_told(ledger, plan, event):
            with suppress(ConflictError, NotFoundError):
                by = Act(f"{event.agency}/officer", tick.on, tick.at)
                event.deed(ledger, _subject(plan, event), by)
                counts[event.entry] += 1
    return counts


def _is_told(ledger: Ledger, plan: str, event: Event) -> bool:
    """Tell whether the history has the event, and as many of its kind as are told before it."""
    same = [each for each in STORY[plan] if (each.key, each.entry) == (event.key, event.entry)]
    with ledger.read() as conn:
        return chain.count(conn, _subject(plan, event), event.entry) > same.index(event)


def _subject(plan: str, event: Event) -> str:
    return f"{plan}/{event.key}" if event.key else plan
