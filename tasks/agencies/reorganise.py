"""Reorganisations: the open duties of an agency pass to its successor.

docs/rules.md, Amendments and reorganisations.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from catalog.clean import LONGEST_LINE, one_line, typed
from catalog.dates.days import A_DAY
from catalog.duties import adhoc
from catalog.duties.deeds import OF_PERFORMER
from catalog.errors import ConflictError, NotFoundError, UsageRefusedError
from catalog.plans.succession import ENDS, Heirs, Succession, unfit
from catalog.reading.grammar.folding import fold
from ledger.people import agencies, users
from ledger.post import contacts, notices
from ledger.store.changes import Change
from tasks.agencies.names import names, owners
from tasks.in_force import in_force
from tasks.post.directory import directory
from tasks.post.mailbag import Mailbag, Notice, Telling

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Sequence

    from catalog.ladder.rungs import Form
    from catalog.plans.succession import Order
    from catalog.role_names import Addressee
    from ledger.duties.duties import Duty
    from ledger.post.contacts import Agency
    from ledger.session import Ledger, Transaction
    from tasks.act import Act
    from tasks.post.directory import Directory

RECIPIENTS: dict[Addressee, Form] = dict.fromkeys(("performer", "lead", "participants"), "notice")


class Reorganised(NamedTuple):
    """The result: the succession, the keys of the passed duties, the users whose access ended."""

    succession: Succession
    duties: list[str]
    users: list[str]


def reorganise(ledger: Ledger, order: Order, act: Act) -> Reorganised:
    """Carry out `order` in one transaction; every entry cites its document.

    Open duties follow in each part the agency has in them (lead, performer, participant). The
    successor gets a notice and acknowledges anew the duties it performs; slips in draft are
    addressed to it. Users of an agency that ends lose access from that day. Closed duties stay: in
    a scorecard a duty counts for the agency that performed it on its due date, or on the day it was
    closed if that came first (`holders.parts_on`). Duties of a later plan that uses the old name go
    to the successor too.

    NotFoundError for an unknown agency or measure; UsageRefusedError for an incomplete order;
    ConflictError if its day is still to come, if an agency has ended or is the office of a plan, if
    open duties would have no agency, or if the last administrator would end with it.
    """
    order = order._replace(document=typed(order.document, "document", LONGEST_LINE))
    order = order._replace(name=typed(one_line(order.name or ""), "name", LONGEST_LINE) or None)
    with ledger.transaction(alone=True) as tx:
        step = _succession(tx, order, act)
        passing = _passing(tx, step)
        ended = _ending(tx, step)
        users.keep_an_administrator(tx.conn, ended, act.on)
        rows = [_row(step), *_register(tx, order), *_hosted(tx, step)]
        rows += [Change("users", user, {"until": step.on - A_DAY}) for user in ended]
        note = _note(step, act)
        tx.record("reorganised", step.agency, changes=rows, note=note, at=act.at, actor=act.user)
        for plan in dict.fromkeys(duty.plan for duty in passing):
            of_plan = [duty for duty in passing if duty.plan == plan]
            _Passage(tx, plan, step, act).carry(of_plan, sender=ledger.settings.sender)
    return Reorganised(step, [duty.key for duty in passing], ended)


def _succession(tx: Transaction, order: Order, act: Act) -> Succession:
    """Return the succession that the order makes, after all checks."""
    register = contacts.agencies(tx.conn)
    lacking = unfit(order)
    if lacking is not None:
        raise UsageRefusedError(f"succession-{lacking}", agency=order.agency, kind=order.kind)
    if order.on > act.on:
        raise ConflictError("succession-future", on=order.on)
    if order.agency not in register:
        raise NotFoundError("agency-unknown", agency=order.agency)
    if register[order.agency].kind == "office" and order.kind != "renamed":
        raise ConflictError("succession-office", agency=order.agency)
    for agency in filter(None, (order.agency, order.successor)):
        ended = agencies.ended_on(tx.conn, agency)
        if ended is not None:
            raise ConflictError("agency-ended", agency=agency, on=ended)
    _check_names(tx, order, register)
    for place in order.measures:
        plan, _, number = place.partition("/")
        edition = in_force(tx.conn, plan).plan
        if number != adhoc.MEASURE:
            edition.measure(number)
    return Succession(
        id=f"{len(agencies.successions(tx.conn)) + 1:04}",
        kind=order.kind,
        agency=order.agency,
        successor=order.successor,
        on=order.on,
        document=order.document,
        measures=frozenset(order.measures),
        former_name=register[order.agency].name,
    )


def _check_names(tx: Transaction, order: Order, register: dict[str, Agency]) -> None:
    """Refuse a name in use, an unknown successor, and a new name for a registered one."""
    having = owners(names(tx.conn)).get(fold(order.name or ""), [])
    for other in having:
        if other != order.agency or register[other].name == order.name:
            raise ConflictError("agency-name-taken", name=order.name, agency=other)
    if order.successor and order.successor not in register and order.name is None:
        raise NotFoundError("agency-unknown", agency=order.successor)
    if order.successor in register and order.name is not None:
        raise UsageRefusedError("succession-name", agency=order.agency, kind=order.kind)


def _passing(tx: Transaction, step: Succession) -> list[Duty]:
    """Return the open duties that pass on; ConflictError if nobody would get them."""
    if step.kind == "renamed":
        return []
    open_duties = agencies.open_duties(tx.conn, step.agency)
    open_duties = [duty for duty in open_duties if step.covers(duty.plan, duty.measure)]
    orphans = [
        d
        for d in open_duties
        if d.past_on is None and step.successor is None and step.agency in (d.lead, d.performer)
    ]
    if orphans:
        raise ConflictError("agency-open-duties", agency=step.agency, count=len(orphans))
    return open_duties


def _ending(tx: Transaction, step: Succession) -> list[str]:
    """Return the logins that end with the agency."""
    if step.kind not in ENDS:
        return []
    staff = users.listed(tx.conn, agency=step.agency)
    return [user.id for user in staff if user.until is None or user.until >= step.on]


def _row(step: Succession) -> Change:
    values = step._asdict() | {"measures": ",".join(sorted(step.measures))}
    del values["id"]
    return Change("successions", step.id, values, "insert")


def _register(tx: Transaction, order: Order) -> list[Change]:
    """Return the change of the register: a new name, or a new successor."""
    if order.name is None:
        return []
    if order.successor is None:
        return [Change("agencies", order.agency, {"name": order.name})]
    kind = contacts.agencies(tx.conn)[order.agency].kind
    return [Change("agencies", order.successor, {"name": order.name, "kind": kind}, "insert")]


def _hosted(tx: Transaction, step: Succession) -> list[Change]:
    """Return the units the agency hosts, which move to the successor."""
    if step.kind not in ENDS or step.successor is None:
        return []
    units = [a.id for a in contacts.agencies(tx.conn).values() if a.host == step.agency]
    return [Change("agencies", unit, {"host": step.successor}) for unit in units]


def _note(step: Succession, act: Act) -> dict[str, object]:
    """Return the note of every entry: the document and the day it takes effect."""
    cited = {"succession": step.id, "kind": step.kind, "document": step.document}
    return {"on": act.on, "since": step.on, **cited}


class _Passage:
    """The open duties of one plan as they pass to the successor."""

    def __init__(self, tx: Transaction, plan: str, step: Succession, act: Act) -> None:
        self._tx = tx
        self._plan = plan
        self._step = step
        self._act = act
        self._heirs = Heirs([step])
        self._book: Directory = directory(tx.conn, in_force(tx.conn, plan))
        self._drafts: dict[str, list[notices.Notice]] = {}
        for draft in notices.listed(tx.conn, state="draft", plan=plan):
            if draft.recipient.partition("/")[0] == step.agency:
                self._drafts.setdefault(draft.duty, []).append(draft)

    def carry(self, passing: Sequence[Duty], *, sender: str) -> None:
        """Record each duty with its successor, and notify the successor."""
        tellings_of = [list(self._tellings(duty)) for duty in passing]
        flat = [telling for tellings in tellings_of for telling in tellings]
        bag = Mailbag(self._tx, flat, on=self._act.on, plan=self._plan, sender=sender)
        for duty, tellings in zip(passing, tellings_of, strict=True):
            rows = [Change("duties", duty.key, self._values(duty)), *self._superseded(duty)]
            rows += [c for t in tellings for n in t.notices for c in bag.changes(t, n)]
            note = _note(self._step, self._act)
            at, actor = self._act.at, self._act.user
            self._tx.record("succeeded", duty.key, changes=rows, note=note, at=at, actor=actor)
            self._tx.lease([Change("duties", duty.key, self._place(duty))])

    def _values(self, duty: Duty) -> dict[str, Any]:
        plan, measure = duty.plan, duty.measure
        lead = self._heirs.of(duty.lead, plan, measure)
        performer = self._heirs.of(duty.performer, plan, measure)
        heirs = self._heirs.participants(duty.participants, plan, measure, lead=lead)
        others = tuple(agency for agency in heirs if agency != performer)
        values: dict[str, Any] = {"lead": lead, "performer": performer, "participants": others}
        if performer != duty.performer:
            values |= dict.fromkeys(OF_PERFORMER)
        return {name: value for name, value in values.items() if value != getattr(duty, name)}

    def _place(self, duty: Duty) -> dict[str, Any]:
        """Return the day of the next look at the duty: past rungs are not sent to the successor."""
        if duty.past_on is not None:
            return {"look_on": None}
        place = {"look_on": max(self._act.on, duty.opens_on)}
        if duty.acknowledged_on is not None and "acknowledged_on" in self._values(duty):
            yesterday = self._act.on - A_DAY
            place["told_through"] = max(duty.told_through or yesterday, yesterday)
        return place

    def _tellings(self, duty: Duty) -> Iterator[Telling]:
        """Yield the notices to the successor and to an agency that continues, and the slips."""
        if duty.opened_on is None:
            return
        now = duty.model_copy(update=self._values(duty))
        own = {self._step.successor, now.lead, now.performer}
        yield _to(Telling.of(now, f"succeeded:{self._step.id}", RECIPIENTS, self._book), own)
        if self._step.kind not in ENDS:
            leaving = {self._step.agency} - {now.lead, now.performer, *now.participants}
            yield _to(
                Telling.of(duty, f"relieved:{self._step.id}", RECIPIENTS, self._book), leaving
            )
        for draft in self._drafts.get(duty.key, ()):
            position = draft.recipient.partition("/")[2]
            heir = f"{self._step.successor}/{position}"
            slips = [self._slip(duty, draft.rung, heir, c) for c in self._book.channels(heir)]
            existing = self._tx.present("notices", [slip.id for slip in slips])
            new = tuple(slip for slip in slips if slip.id not in existing)
            yield Telling(now, draft.rung, draft.coalesced, new)

    def _slip(self, duty: Duty, rung: str, heir: str, channel: str) -> Notice:
        notice = notices.notice_id(duty.key, duty.due_version, rung, heir, channel)
        return Notice(notice, heir, channel, "slip")

    def _superseded(self, duty: Duty) -> list[Change]:
        state, expected = {"state": "superseded"}, {"state": "draft"}
        drafts = self._drafts.get(duty.key, ())
        return [Change("messages", n.message, state, expected=expected) for n in drafts]


def _to(telling: Telling, agencies: Container[str | None]) -> Telling:
    """Return the telling limited to these agencies."""
    own = (n for n in telling.notices if n.recipient.partition("/")[0] in agencies)
    return telling._replace(notices=tuple(own))
