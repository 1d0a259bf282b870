"""A state machine of deeds and days in any order, checked against docs/rules.md."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, Phase, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from catalog.duties.deeds import DEEDS
from catalog.duties.refusal import Case, refusal
from catalog.duties.standing import ENDED, standing
from catalog.errors import ConflictError
from catalog.plans.model import Plan
from ledger.duties import duties, life
from ledger.post import notices, slips
from ledger.proof.ledger_verification import verify_ledger
from ledger.tables import TABLES
from tasks.act import Act
from tasks.deeds import reassigning
from tasks.deeds.registry import functions
from tasks.people import users
from tests.faults.surviving import OUTSIDE
from tests.stories.material import (
    AGENCY,
    DAYS,
    FAMILIES,
    FIELDS,
    LEFT_OUT,
    LENDERS,
    MEETING,
    OBLIGATIONS,
    OFTEN,
    STAFF,
    TARGET,
)
from tests.world import DAY, ISSUED, PostOffice, World, small_plan

if TYPE_CHECKING:
    import sqlalchemy as sa

    from tests.databases import OnSqlite


@dataclass
class Filing:
    """One filing, as the machine remembers it."""

    by: str
    done_on: date
    accepted_by: str = ""
    returned: bool = False


@dataclass
class Life:
    """One duty, as the machine remembers it."""

    duty: duties.Duty
    filings: list[Filing] = field(default_factory=list)
    asked: date | None = None
    urged: date | None = None
    answered: list[bool] = field(default_factory=list)
    read: bool = False
    guests: set[str] = field(default_factory=set)
    items: list[date] = field(default_factory=list)

    def case(self, user: str, roles: set[str], said: dict[str, Any], on: date) -> Case:
        """Return the case as the machine's own books know it."""
        duty, last = self.duty, self.filings[-1] if self.filings else None
        to = said.get("to") or self.asked
        return Case(
            actor=user,
            roles=frozenset(roles),
            status=standing(duties.facts(duty), on).status,
            fields=frozenset("to" if name == "agency" else name for name in said if said[name]),
            lead_performs=duty.lead == duty.performer,
            acknowledged=duty.acknowledged_on is not None,
            accepted=duty.accepted_on is not None,
            refused=duty.refused_on is not None,
            has_quota=duty.quota_min is not None,
            has_request=self.asked is not None,
            urged=self.urged == on,
            filed_by=last.by if last and not last.returned else "",
            doers=frozenset({f.by for f in self.filings} | {f.accepted_by for f in self.filings}),
            later=to is None or to > max(duty.due_on, on - DAY),
            past_plan=to is not None and to > TARGET["by"],  # the last day of the plan
            is_meeting=duty.kind == "meeting",
            planned=duty.planned_on is not None,
            past=said.get("day", on) < on,
            ahead=said.get("done_on", on) > on,
        )

    def outside(self, deed: str, said: dict[str, Any], on: date) -> bool:
        """Tell whether the day on which something is held, or was done, is none of the period."""
        duty = self.duty
        day = said.get("day") or said.get("done_on") or on
        held = deed in {"deliver-item", "plan-meeting"} or (deed, duty.kind) == ("file", "meeting")
        if day == on and not held:
            return False
        last = date.max if duty.period == "once" else duty.covers_until
        if last and duty.extensions:
            last = max(last, duty.due_on)
        reached = self.reached_on if "done_on" in said else None
        return not max(duty.opens_on, reached or duty.opens_on) <= day <= last

    @property
    def reached_on(self) -> date | None:
        """The day of the item that filled its quota."""
        least = self.duty.quota_min or 0
        return sorted(self.items)[least - 1] if least and len(self.items) >= least else None

    def delivered(self, on: date) -> dict[str, Any]:
        self.items.append(on)
        return {"delivered": len(self.items)}

    def filed(self, user: str, said: dict[str, Any], on: date) -> dict[str, Any]:
        self.filings.append(Filing(user, said["done_on"]))
        facts = {"filed_on": on, "returned_on": None, "accepted_on": None}
        facts |= {"held_on": said["done_on"]} if self.duty.kind == "meeting" else {}
        return facts | {"filings": len(self.filings)}

    def judged(self, on: date, *, accepted_by: str = "") -> dict[str, Any]:
        last = self.filings[-1]
        last.accepted_by, last.returned = accepted_by, not accepted_by
        return {"accepted_on": on} if accepted_by else {"returned_on": on, "accepted_on": None}

    def granted(self, to: date | None) -> dict[str, Any]:
        day, self.asked = to or self.asked, None
        return self._moved(day) | {"extensions": self.duty.extensions + 1}

    def resumed(self, on: date) -> dict[str, Any]:
        stood = on - (self.duty.suspended_on or on)
        return self._moved(self.duty.due_on + stood) | {"suspended_on": None}

    def answer(self, number: int) -> None:
        self.answered[number - 1] = True

    def ended(self, **facts: Any) -> dict[str, Any]:
        self.asked = None
        return facts

    def planned(self, said: dict[str, Any]) -> dict[str, Any]:
        self.guests = set(said["participants"])
        return {"planned_on": said["day"], "planned_place": said["place"]}

    def called_off(self, **facts: Any) -> dict[str, Any]:
        self.guests = set()
        return facts | {"planned_on": None, "planned_place": None}

    def _moved(self, to: date | None) -> dict[str, Any]:
        return {"due_on": to, "due_version": self.duty.due_version + 1}


# What each deed makes of the duty, as the machine remembers it: (life, who, what is said, day).
# Of the others nothing but an entry is left.
Made = Callable[[Life, str, dict[str, Any], date], dict[str, Any] | None]
MAKES: dict[str, Made] = {
    "acknowledge": lambda _l, _u, _s, on: {"acknowledged_on": on},
    "refuse": lambda _l, _u, _s, on: {"refused_on": on},
    "reassign": lambda _l, _u, s, _on: (
        {"performer": s["agency"], "acknowledged_on": None, "refused_on": None}
    ),
    "plan-meeting": lambda held, _u, s, _on: held.planned(s),
    "call-off-meeting": lambda held, _u, _s, _on: held.called_off(),
    "deliver-item": lambda held, _u, _s, on: held.delivered(on),
    "file": lambda held, user, s, on: held.filed(user, s, on),
    "return": lambda held, _u, _s, on: held.judged(on),
    "accept": lambda held, user, _s, on: held.judged(on, accepted_by=user),
    "close": lambda held, _u, _s, on: held.ended(
        closed_on=on, closed_as="done", done_on=held.filings[-1].done_on
    ),
    "close-not-done": lambda held, _u, _s, on: held.ended(
        **held.called_off(closed_on=on, closed_as="not-done")
    ),
    "waive": lambda held, _u, _s, on: held.ended(**held.called_off(waived_on=on)),
    "ask-extension": lambda held, _u, s, _on: setattr(held, "asked", s["to"]),
    "grant-extension": lambda held, _u, s, _on: held.granted(s["to"]),
    "refuse-extension": lambda held, _u, _s, _on: held.ended(),
    "urge": lambda held, _u, _s, on: setattr(held, "urged", on),
    "suspend": lambda held, _u, _s, on: held.called_off(suspended_on=on),
    "resume": lambda held, _u, _s, on: held.resumed(on),
    "report-reading": lambda held, _u, _s, _on: setattr(held, "read", True),
    "raise-problem": lambda held, _u, _s, _on: held.answered.append(False),
    "answer-problem": lambda held, _u, s, _on: held.answer(s["number"]),
}


class AnyOrder(RuleBasedStateMachine):
    """All the deeds by all the cast on four kinds of duty, while the days go by."""

    def __init__(self, databases: OnSqlite) -> None:
        super().__init__()
        self.open = ExitStack()
        home = self.open.enter_context(tempfile.TemporaryDirectory())
        post = PostOffice()
        patch = self.open.enter_context(pytest.MonkeyPatch.context())
        patch.setattr("tasks.post.lines.channel_for", lambda _settings, _name, **_: post)
        self.open.enter_context(databases.while_it_lasts())
        self.ledger = self.open.enter_context(databases.fleeting(Path(home)))
        self.world = World(self.ledger, post)
        self.world.publish(plan(Path(home)))
        office = Act("office", ISSUED, self.world.at)
        users.add(self.ledger, STAFF, since=ISSUED, at=office.at, actor=office.user)
        users.disable(self.ledger, "gone", on=ISSUED + DAY, at=office.at, actor=office.user)
        self.lives: dict[str, Life] = {}
        self.steps = 0
        self.seen: dict[str, list[Any]] = {}
        self.lent: list[tuple[str, str, date]] = []

    def teardown(self) -> None:
        self.open.close()

    @initialize()
    def first_day(self) -> None:
        self.days_pass(0)

    def days_pass(self, days: int) -> None:
        """Sweep and deliver `days` later; the days between are missed and caught up."""
        if days == 0 and self.lives:
            return
        on = max(self.world.today, ISSUED) + timedelta(days)
        self.world.day(on)
        self.world.post.letters.clear()
        before = self.rows()
        self.world.sweep(on)
        assert self.rows() == before, "a second sweep changed something"
        for row in self.world.duties():
            known = self.lives.setdefault(row.key, Life(row))
            known.duty = known.duty._replace(opened_on=row.opened_on)

    @rule(days=DAYS, seed=st.integers(0, 1 << 32))
    def a_step(self, days: int, seed: int) -> None:
        """Let some days pass, then somebody does what is theirs, or tries anything, or lends."""
        self.days_pass(days)
        self.steps += 1
        dice = Random(f"{seed} {self.steps}")  # hypothesis likes to repeat a seed
        what = [self.do_allowed] * 6 + [self.try_anything] * 3 + [self.lend]
        dice.choice(what)(dice)

    def do_allowed(self, dice: Random) -> None:
        for family in dice.sample(OFTEN, len(OFTEN)):
            if allowed := self.allowed(FAMILIES[family]):
                deed = dice.choice(sorted({deed for deed, *_ in allowed}))
                self.attempt(*dice.choice([found for found in allowed if found[0] == deed]))
                break

    def try_anything(self, dice: Random) -> None:
        deed, user = dice.choice(sorted(DEEDS)), dice.choice(sorted(AGENCY))
        key = dice.choice(sorted(self.lives))
        said = self.words(deed, self.lives[key], moved=dice.randrange(-40, 40))
        if said is not None:
            left_out = {name: "" for name in said if name in LEFT_OUT and dice.random() < 0.1}
            self.attempt(deed, user, key, said | left_out)

    def lend(self, dice: Random) -> None:
        lender, taker = dice.sample(LENDERS, 2)
        until = self.world.today + timedelta(dice.randrange(40))
        reassigning.delegate(self.ledger, lender, self.act(lender), substitute=taker, until=until)
        self.lent.append((lender, taker, until))

    @invariant()
    def all_promises_hold(self) -> None:
        rows = self.rows()
        if rows != self.seen:
            self.seen = rows
            with self.ledger.read() as conn:
                assert verify_ledger(conn).faults == ()
                for row in duties.listed(conn):
                    self.is_as_remembered(row)
                    self.has_nothing_left_over(conn, row)
                self.has_no_gap(
                    list({e.slip.message: e.slip for e in slips.listed(conn) if e.slip}.values())
                )
                told = [notice[1:6] for notice in notices.listed(conn)]
            assert len(set(told)) == len(told), "a notice repeats"

    def is_as_remembered(self, row: duties.Duty) -> None:
        swept = ("told_through", "look_on", "prepare_on", "asked_on")
        unseen = {**dict.fromkeys(swept), "provisional": False}
        duty = self.lives[row.key].duty
        helpers = tuple(agency for agency in duty.participants if agency != duty.performer)
        assert row._replace(**unseen) == duty._replace(**unseen, participants=helpers)

    def has_nothing_left_over(self, conn: sa.Connection, row: duties.Duty) -> None:
        """A duty has one end at most, nothing of an ended one waits, and no draft is outdated."""
        assert (row.closed_on is None) == (row.closed_as is None)
        assert row.closed_on is None or row.waived_on is None
        drafts = notices.listed(conn, duty=row.key, state="draft")
        assert {draft.due_version for draft in drafts} <= {row.due_version}
        status = standing(duties.facts(row), self.world.today).status
        if status in ENDED | {"under-review"}:
            assert drafts == []
        if status in ENDED:
            assert row.look_on is None
            assert life.open_request(conn, row.key) is None

    def has_no_gap(self, register: list[slips.Slip]) -> None:
        for year in {entry.year for entry in register}:
            serials = sorted(entry.serial for entry in register if entry.year == year)
            assert serials == list(range(1, len(serials) + 1))

    def allowed(self, family: tuple[str, ...]) -> list[tuple[str, str, str, dict[str, Any]]]:
        """Return who may do which of these deeds to which duty now, and what to say with it."""
        return [
            (deed, user, key, said)
            for deed in family
            for key, held in self.lives.items()
            if (said := self.words(deed, held)) is not None
            for user in AGENCY
            if self.expected(deed, user, held, said) is None
        ]

    def attempt(self, deed: str, user: str, key: str, said: dict[str, Any]) -> None:
        """Do it, and see that it succeeds just where the table allows it."""
        held = self.lives[key]
        expected = self.expected(deed, user, held, said)
        note(f"{self.world.today} {user} {deed} {key} {said}: {expected or 'done'}")
        if expected is None:
            self.do(deed, user, key, said)
            made = MAKES[deed](held, user, said, self.world.today) if deed in MAKES else None
            spoken = {"spoken_on": self.world.today} if DEEDS[deed].speaks else {}
            held.duty = held.duty._replace(**(made or {}), **spoken)
            return
        before = self.rows()
        with pytest.raises(ConflictError) as refused:
            self.do(deed, user, key, said)
        assert refused.value.key == expected
        assert self.rows() == before, "a refused deed changed something"

    def expected(self, deed: str, user: str, held: Life, said: dict[str, Any]) -> str | None:
        """Return the key of the refusal to come, None where the deed must succeed."""
        if user == "gone" and self.world.today > ISSUED:
            return "user-ended"
        case = held.case(user, self.roles(user, held), said, self.world.today)
        broken = refusal(deed, case._replace(outside=held.outside(deed, said, self.world.today)))
        if broken is not None:
            return f"rule-{broken}"
        if deed == "file" and held.duty.kind == "target" and not held.read:
            return "rule-evidence-source"
        if deed == "answer-problem" and held.answered[said["number"] - 1]:
            return "problem-answered"
        return None

    def roles(self, user: str, held: Life) -> set[str]:
        """Return what the user, and whom it stands in for, are to the duty."""
        duty = held.duty
        today = self.world.today
        acting = {user} | {a for a, b, until in self.lent if b == user and today <= until}
        if user == "audit":
            return {"reviewer"}
        parts = {"performer": {duty.performer}, "lead": {duty.lead}, "office": {"office"}}
        parts |= {"participant": set(duty.participants), "guest": held.guests}
        return {name for name, who in parts.items() if who & {AGENCY[a] for a in acting}}

    def words(self, deed: str, held: Life, *, moved: int = 30) -> dict[str, Any] | None:
        """Return what the deed is told; None where there is nothing it could be done to."""
        said: dict[str, Any] = dict.fromkeys(FIELDS[deed], "已核實")
        said |= {name: value for name, value in MEETING.items() if name in said}
        if "to" in said:
            said["to"] = max(self.world.today, held.duty.due_on) + timedelta(moved)
        if "day" in said:
            said["day"] = said["last_day"] = self.world.today + timedelta(moved)
        if "done_on" in said:  # yesterday at the latest, but for what is tried
            days = timedelta(-1 if moved == 30 else moved)
            said["done_on"] = max(self.world.today + days, held.duty.opens_on)
        if "agency" in said:
            said["agency"] = "city" if held.duty.performer == "trade" else "trade"
        if "number" in said:
            said["number"] = len(held.answered)
        if "notice" in said:
            drafts = self.world.notices(duty=held.duty.key, state="draft")
            said["notice"] = drafts[0].id if drafts else None
        nothing = deed == "report-reading" and held.duty.kind != "target"
        return None if nothing or not all(said.values()) else said

    def do(self, deed: str, user: str, key: str, said: dict[str, Any]) -> None:
        told = {"to" if name == "agency" else name: value for name, value in said.items()}
        where: str = told.pop("notice", key)
        if deed == "report-reading":
            told["value"] = "19.5"
        functions()[deed](self.ledger, where, self.act(user), **told)

    def act(self, user: str) -> Act:
        return Act(user, self.world.today, self.world.at)

    def rows(self) -> dict[str, list[Any]]:
        """Return every row of every table, leases and all; not the lists of what lies outside."""
        tables = [name for name in TABLES if name not in OUTSIDE]
        with self.ledger.read() as conn:
            read = conn.exec_driver_sql
            return {name: read(f"SELECT * FROM {name}").all() for name in tables}  # noqa: S608  names and values of our own


def plan(folder: Path) -> Plan:
    """Return a plan with a report, a duty of a city, a yearly quota and a target."""
    made = small_plan(folder, *OBLIGATIONS, participants=["city"]).model_dump()
    made["measures"][0]["targets"] = (TARGET | {"says": "21%"},)
    return Plan.model_validate(made)


def test_the_machine_knows_every_deed_of_the_table():
    assert DEEDS.keys() == FIELDS.keys() > MAKES.keys()
    assert sorted(DEEDS) == sorted(deed for family in FAMILIES.values() for deed in family)


# No shrinking: every step depends on those before it; the notes tell the whole story instead.
LIVES = settings(
    stateful_step_count=40,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
EXAMPLES = {
    "sqlite": 9,
    "postgresql": 3,
}  # twelve lives, each another: which of both matters little


def test_whatever_is_done_in_any_order_every_promise_holds(kind):
    lives = settings(LIVES, max_examples=EXAMPLES[kind.name])
    run_state_machine_as_test(lambda: AnyOrder(kind), settings=lives)
