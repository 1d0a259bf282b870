"""World of the stories: a fixed cast, a clock, and a post office that accounts for every letter."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from catalog.duties.standing import standing
from catalog.ladder.rungs import DEFAULT_LADDER, Ladder
from catalog.plans.load import load_plan
from catalog.plans.model import Plan
from ledger.duties import duties
from ledger.people import users as ledger_users
from ledger.post import letters, messages, notices
from ledger.proof.fold import fold
from tasks.act import Act
from tasks.deeds import answering, deciding, slips
from tasks.in_force import in_force
from tasks.people import users
from tasks.plans.publish import publish
from tasks.post.contacts import Contact, reach
from tasks.post.deliver import deliver
from tasks.sweep.sweep import sweep
from tasks.sweep_time import sweep_instant
from tasks.tick import Counts, Tick

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from ledger.duties.duties import Duty
    from ledger.session import Ledger
    from tasks.letters.letter_format import Letter
    from tasks.post.channels.channel import NotSentError

ISSUED = dt.date(2013, 8, 5)
DAY = dt.timedelta(days=1)
ZONE = "Asia/Shanghai"
AROUND = Ladder(
    rungs=tuple(r for r in DEFAULT_LADDER.rungs if r.when not in {"progress", "silent"})
)
POSITIONS = ("officer", "head", "leader")

# The cast: the office, two agencies that work, the reviewer, and a stranger who takes part in
# nothing and must never receive a letter.
CAST = {
    "office": {"name": "協調辦公室", "kind": "office", "host": "trade"},
    "trade": {"name": "省外經貿廳", "kind": "department"},
    "city": {"name": "廣州市人民政府", "kind": "city"},
    "reviewer": {"name": "省審計廳", "kind": "department"},
    "stranger": {"name": "省博物館", "kind": "department"},
}


class PostOffice:
    """A channel in this process that keeps every letter, and refuses on request."""

    def __init__(self) -> None:
        self.letters: list[Letter] = []
        self.refusals: dict[str, NotSentError] = {}

    def send(self, letter: Letter) -> None:
        if letter.to in self.refusals:
            raise self.refusals[letter.to]
        self.letters.append(letter)

    def close(self) -> None:
        """Nothing is kept open."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class ReceivedLetter(NamedTuple):
    """A letter with its notices by the ledger: `(duty, rung)` of each."""

    letter: Letter
    form: str
    notices: set[tuple[str, str]]

    @property
    def rungs(self) -> set[str]:
        return {rung for _, rung in self.notices}


class World:
    """A ledger with its days, its cast and its mail; `calm` fails on an unexpected letter."""

    def __init__(self, ledger: Ledger, post: PostOffice) -> None:
        self.ledger = ledger
        self.post = post
        self.today = ISSUED - DAY
        self.plans: list[Plan] = []

    def publish(
        self, plan: Plan, *, unreached: Sequence[str] = (), start_on: dt.date | None = None
    ) -> None:
        """Put `plan` in force; every position has an address but those in `unreached`.

        The ledger starts on `start_on`, by default on the issue day.
        """
        at = sweep_instant(plan.zone, start_on or plan.issued_on)
        publish(self.ledger, plan, at=at, actor="office/officer", start_on=start_on)
        with self.ledger.read() as conn:
            plan = in_force(conn, plan.plan).plan  # with the ids that its agencies have here
        contacts = [
            Contact(agency.id, position, "mail", address(f"{agency.id}/{position}"))
            for agency in plan.agencies
            for position in POSITIONS
            if agency.kind != "open-group" and f"{agency.id}/{position}" not in unreached
        ]
        reach(self.ledger, contacts, at=at, actor="office/officer")
        self._admit(plan, at)
        self.plans.append(plan)

    def sweep(self, on: dt.date, *, confirmed: str = "") -> Counts:
        """Sweep every plan for the day `on`, with as many slips as someone has `confirmed`."""
        self.today = on
        counts = Counts()
        for plan in self.plans:
            counts.update(sweep(self.ledger, Tick(plan.plan, on, self.at, confirmed=confirmed)))
        return counts

    def deliver(self) -> Counts:
        """Run one delivery round."""
        return deliver(self.ledger, on=self.today, clock=lambda: self.at)

    def day(self, on: dt.date) -> None:
        """Live the day `on`: sweep and deliver."""
        self.sweep(on)
        self.deliver()

    def until(self, on: dt.date) -> None:
        """Live every day from the last one to `on`."""
        while self.today < on:
            self.day(self.today + DAY)

    @property
    def at(self) -> dt.datetime:
        return sweep_instant(ZONE, self.today)

    def expect(self, to: str, on: dt.date, *rungs: str) -> ReceivedLetter:
        """Take the next letter to `to` out of the post: it must be of that day and those rungs."""
        waiting = [letter for letter in self.post.letters if letter.to == address(to)]
        assert waiting, f"no letter to {to} on {on}; the post holds {self._post()}"
        letter = waiting[0]
        self.post.letters.remove(letter)
        received = self._received(letter)
        assert (letter.date.date(), received.rungs) == (on, set(rungs)), f"{to}: {letter.subject}"
        return received

    def calm(self) -> None:
        """Fail if the post office holds an unexpected letter."""
        assert not self.post.letters, f"unexpected: {self._post()}"

    def act(self, user: str) -> Act:
        """Return an act of `user` today."""
        return Act(user, self.today, self.at)

    def acknowledge(self, key: str) -> None:
        answering.acknowledge(self.ledger, key, self._performer(key))

    def deliver_item(self, key: str, *, title: str = "一次會議") -> None:
        answering.deliver_item(self.ledger, key, self._performer(key), title=title)

    def file(self, key: str) -> None:
        answering.file_submission(self.ledger, key, self._performer(key), summary="已完成")

    def give_back(self, key: str, *, reason: str = "缺少附件") -> None:
        deciding.give_back(self.ledger, key, self.act("office/officer"), reason=reason)

    def close(self, key: str) -> None:
        deciding.close(self.ledger, key, self.act("office/officer"))

    def release(self, draft: str) -> None:
        slips.release(self.ledger, draft, self.act("office/officer"))

    def duty(self, key: str) -> Duty:
        with self.ledger.read() as conn:
            return duties.one(conn, key)

    def status(self, key: str) -> str:
        """Return the status of the duty `key` today."""
        return standing(duties.facts(self.duty(key)), self.today).status

    def duties(self) -> list[Duty]:
        with self.ledger.read() as conn:
            return duties.listed(conn)

    def notices(self, **filters: Any) -> list[notices.Notice]:
        with self.ledger.read() as conn:
            return notices.listed(conn, **filters)

    def messages(self, **filters: Any) -> list[messages.Message]:
        with self.ledger.read() as conn:
            return messages.listed(conn, **filters)

    def _performer(self, key: str) -> Act:
        return self.act(f"{self.duty(key).performer}/officer")

    def _admit(self, plan: Plan, at: dt.datetime) -> None:
        """Give a login to an officer of every agency; the reviewer is one."""
        with self.ledger.read() as conn:
            logins = {user.id for user in ledger_users.listed(conn)}
        newcomers = [
            users.Newcomer(login, "經辦", agency.id, role)
            for agency in plan.agencies
            for role in ("reviewer" if agency.id == "reviewer" else "officer",)
            if agency.kind != "open-group" and (login := f"{agency.id}/officer") not in logins
        ]
        users.add(self.ledger, newcomers, since=plan.issued_on, at=at, actor="office/officer")

    def _received(self, letter: Letter) -> ReceivedLetter:
        with self.ledger.read() as conn:
            row = letters.by_message_id(conn, letter.message_id)
            assert row
            carried = [message.id for message in letters.messages_of(conn, [row.id])[row.id]]
            by_message = notices.of_messages(conn, carried)
        told = {(n.duty, n.rung) for rows in by_message.values() for n in rows}
        return ReceivedLetter(letter, row.form, told)

    def _post(self) -> list[str]:
        return [
            f"{letter.date:%Y-%m-%d} {letter.to} {letter.subject}" for letter in self.post.letters
        ]


def address(position: str) -> str:
    """Return the mail address of `agency/position`."""
    agency, _, name = position.partition("/")
    return f"{name}.{agency}@cast.example"


def add_channels(ledger: Ledger, *names: str) -> None:
    """Have channels of these names beside mail; nothing answers there."""
    urls = {name: f"json://127.0.0.1:9/{name}" for name in names}
    ledger.settings = replace(ledger.settings, channels=urls)


def dump(ledger: Ledger) -> str:
    """Return the tables as the history gives them, as text to compare byte by byte."""
    with ledger.read() as conn:
        tables = fold(conn)
    rows = {name: {str(key): row for key, row in t.items()} for name, t in tables.items()}
    return json.dumps(rows, ensure_ascii=False, sort_keys=True)


def changed(plan: Plan, **fields: Any) -> Plan:
    """Return `plan` with other fields, without the properties that it has remembered."""
    return Plan.model_validate({name: getattr(plan, name) for name in Plan.model_fields} | fields)


def called(plan: Plan, agency: str, name: str, *aliases: str) -> Plan:
    """Return `plan` with another name for `agency`, such as its office."""
    names = {"name": name, "aliases": aliases}
    agencies = tuple(a.model_copy(update=names) if a.id == agency else a for a in plan.agencies)
    return changed(plan, agencies=agencies)


def small_plan(folder: Path, *obligations: Mapping[str, Any], **changes: Any) -> Plan:
    """Return a plan of one measure, led by the trade department, with these obligations.

    An obligation defaults to a milestone of the plan, due on 2013-12-31, that may be filed without
    evidence. `changes` are the plan's `code`, or the measure's `lead` and `participants`; with
    `between=False` its ladder has no rungs between opening and due date.
    """
    ladder = DEFAULT_LADDER if changes.pop("between", True) else AROUND
    code = changes.pop("code", "small-2013")
    head = {
        "plan": code,
        "title": "轉型升級計劃",
        "issued_on": ISSUED,
        "starts_on": dt.date(2013, 1, 1),
        "ends_on": dt.date(2015, 12, 31),
        "edition": 1,
        "zone": ZONE,
        "workdays": "CN",
        "office": "office",
    }
    measure = {"number": "1", "chapter": "一、總則", "section": "(一)會議", "title": "工作"}
    tables = [
        _table("", head),
        *(_table("[[agency]]", {"id": name, **values}) for name, values in CAST.items()),
        _table("[[measure]]", measure | {"lead": "trade", **changes}),
        *(_table("[[measure.obligation]]", _obligation(values)) for values in obligations),
    ]
    path = folder / f"{code}.toml"
    path.write_text("\n".join(tables), encoding="utf-8")
    return load_plan(path).model_copy(update={"ladder": ladder})


def _obligation(values: Mapping[str, Any]) -> dict[str, Any]:
    name = values.get("id", "report")
    defaults: dict[str, Any] = {
        "id": name,
        "kind": "milestone",  # nothing is prepared for it: the stories tell of the ladder alone
        "title": f"報告{name}",
        "says": name,
        "basis": "plan",
        "evidence": [],
    }
    if values.get("recurrence", "once") == "once":
        defaults["due_on"] = dt.date(2013, 12, 31)
    return defaults | dict(values)


def _table(name: str, values: Mapping[str, Any]) -> str:
    return "\n".join([name, *(f"{key} = {_value(value)}" for key, value in values.items()), ""])


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{k} = {_value(v)}" for k, v in value.items()) + " }"
    return (
        value.isoformat() if isinstance(value, dt.date) else json.dumps(value, ensure_ascii=False)
    )
