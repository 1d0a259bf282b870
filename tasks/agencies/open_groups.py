"""Open groups of a plan (有關市): the office names the bodies, and their duties follow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from catalog.clean import LONGEST_LINE, typed
from catalog.errors import ConflictError, NotFoundError
from catalog.plans.expand import expand
from catalog.plans.succession import Heirs, Naming
from catalog.plans.terms import terms
from ledger.duties import conditions, duties
from ledger.people import agencies
from ledger.post import contacts
from ledger.store.changes import Change
from tasks.in_force import in_force
from tasks.post.directory import directory
from tasks.post.mailbag import Mailbag, Telling
from tasks.reports.deciders import require_office
from tasks.sweep.materialise import first_looks, row_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from catalog.ladder.rungs import Form
    from catalog.plans.expand import DatedDuty
    from catalog.role_names import Addressee
    from ledger.duties.duties import Duty
    from ledger.session import Ledger, Transaction
    from tasks.act import Act
    from tasks.post.directory import Directory

ROLES: dict[Addressee, Form] = dict.fromkeys(("performer", "lead", "participants"), "notice")
UNFIT = ("open-group", "office")  # kinds of agencies that are no body of a group
PARTS = ("lead", "performer", "participants")


class Named(NamedTuple):
    """The result: the naming, and the keys of the duties changed, created and ended by it."""

    naming: Naming
    changed: list[str]
    created: list[str]
    ended: list[str]


def name_bodies(
    ledger: Ledger,
    plan: str,
    group: str,
    act: Act,
    *,
    members: Sequence[str],
    document: str,
    measure: str = "",
) -> Named:
    """Name the bodies that an open group of `plan` stands for, in one `measure` or in all.

    Its unfinished duties follow at once, in one transaction that cites the `document`: the bodies
    take part where the group did, and what the group performs becomes a duty of each of them. A
    duty already past due stays with the group, as nobody was told of it: the office extends or
    waives it. Naming again replaces the bodies. The newcomers get a notice.

    NotFoundError for an unknown group, measure or agency; ConflictError without a document or a
    body, for an agency that has ended or is no body, and for several where the group leads.
    """
    document = typed(document, "document", LONGEST_LINE)
    with ledger.transaction(alone=True) as tx:
        require_office(tx.conn, plan, act, "name-bodies")
        naming = _naming(tx, plan, group, act, measure=measure, members=tuple(members))
        if not document:
            raise ConflictError("rule-needs-document", deed="name-bodies", key=group, user=act.user)
        naming = naming._replace(document=document)
        values = naming._asdict()
        change = Change("namings", values.pop("id"), values, "insert")
        tx.record("named", plan, changes=[change], note=_note(naming), at=act.at, actor=act.user)
        return _Settling(tx, naming, act).carry(sender=ledger.settings.sender)


def _note(naming: Naming) -> dict[str, object]:
    return {"on": naming.on, "document": naming.document, "group": naming.agency}


def _naming(
    tx: Transaction, plan: str, group: str, act: Act, *, measure: str, members: tuple[str, ...]
) -> Naming:
    """Return the naming, after all checks but that of its document."""
    edition, register = in_force(tx.conn, plan).plan, contacts.agencies(tx.conn)
    if group not in register or register[group].kind != "open-group":
        raise NotFoundError("open-group-unknown", group=group)
    if measure:
        edition.measure(measure)
    members = tuple(dict.fromkeys(members))
    if not members:
        raise ConflictError("open-group-empty", group=register[group].name)
    for member in members:
        if member not in register:
            raise NotFoundError("agency-unknown", agency=member)
        if register[member].kind in UNFIT:
            raise ConflictError("open-group-member", agency=register[member].name)
        ended = agencies.ended_on(tx.conn, member)
        if ended is not None:
            raise ConflictError("agency-ended", agency=member, on=ended)
    leads = [m.number for m in edition.measures if m.lead == group and measure in ("", m.number)]
    if leads and len(members) > 1:
        raise ConflictError("open-group-leads", group=register[group].name, measure=leads[0])
    tx.hold("namings")
    number = len(agencies.namings(tx.conn)) + 1
    return Naming(f"{number:04}", plan, group, measure, members, act.on, "")


class _Settling:
    """The unfinished duties of a plan as they pass to the bodies of a group."""

    def __init__(self, tx: Transaction, naming: Naming, act: Act) -> None:
        self._tx, self._naming, self._act = tx, naming, act
        self._edition = in_force(tx.conn, naming.plan)
        plan, steps = self._edition.plan, agencies.successions(tx.conn)
        before = [each for each in agencies.namings(tx.conn) if each.id != naming.id]
        self._heirs = Heirs(steps, [*before, naming])
        term = expand(plan, since=plan.issued_on, until=plan.ends_on)
        self._dated: dict[str, DatedDuty] = {}
        self._former: set[str] = set()  # keys under the namings before
        former = Heirs(steps, before)
        for duty in term:
            if naming.measure in ("", duty.measure.number):
                self._dated |= {each.key: each for each in self._heirs.apart(naming.plan, duty)}
                self._former |= {each.key for each in former.apart(naming.plan, duty)}

    def carry(self, *, sender: str) -> Named:
        """Record every duty that changes, begins or ends, with its notices."""
        place = conditions.of(plan=self._naming.plan, measure=self._naming.measure)
        present = set(duties.chosen_keys(self._tx.conn, place))
        unfinished = duties.chosen(self._tx.conn, place, conditions.UNFINISHED)
        changes = {duty.key: self._values(duty) for duty in unfinished if duty.key in self._dated}
        changed = [duty for duty in unfinished if changes.get(duty.key)]
        self._change(changed, changes, sender)
        ended = [duty for duty in unfinished if self._ends(duty)]
        for duty in ended:
            waiver = Change("duties", duty.key, {"waived_on": self._act.on})
            self._record("waived", duty.key, [waiver])
        self._tx.lease(
            Change("duties", duty.key, {"look_on": None, "prepare_on": None}) for duty in ended
        )
        created = list(self._created(present))
        keys = [duty.key for duty in changed], created, [duty.key for duty in ended]
        return Named(self._naming, *keys)

    def _values(self, duty: Duty) -> dict[str, Any]:
        """Return the parts of the duty that the naming changes."""
        now = terms(duty.plan, self._dated[duty.key], self._heirs)
        values = {name: getattr(now, name) for name in PARTS}
        if duty.performer != self._naming.agency:  # the office may have given it to another
            del values["performer"]
        helpers = values["participants"]
        values["participants"] = tuple(a for a in helpers if a != duty.performer)
        return {name: value for name, value in values.items() if value != getattr(duty, name)}

    def _ends(self, duty: Duty) -> bool:
        """Tell whether other bodies perform it now; one already past due nobody was told of."""
        gone = duty.key in self._former and duty.key not in self._dated
        return gone and duty.due_on >= self._act.on

    def _created(self, present: set[str]) -> Iterator[str]:
        """Create the duties of bodies that have none yet, and yield their keys."""
        expanded, on = self._edition.row.expanded_through, self._act.on
        for key, dated in self._dated.items():
            begins_on = dated.covers_from or dated.opens_on
            if key in present or key in self._former or dated.due_on < on:
                continue
            if expanded is None or begins_on > expanded:
                continue  # the sweep will create it
            start_on = max(self._edition.row.start_on or on, on)
            row = row_of(dated, self._edition, self._heirs, start_on=start_on)
            self._record("scheduled", key, [Change("duties", key, row, "insert")])
            days = first_looks(dated, self._edition, start_on=start_on)
            self._tx.lease([Change("duties", key, days)])
            yield key

    def _change(self, changed: list[Duty], values: dict[str, dict[str, Any]], sender: str) -> None:
        book = directory(self._tx.conn, self._edition)
        tellings = {duty.key: self._telling(duty, values[duty.key], book) for duty in changed}
        on, plan = self._act.on, self._naming.plan
        bag = Mailbag(self._tx, tellings.values(), on=on, plan=plan, sender=sender)
        for duty in changed:
            telling = tellings[duty.key]
            rows = [Change("duties", duty.key, values[duty.key])]
            rows += [row for notice in telling.notices for row in bag.changes(telling, notice)]
            self._record("named", duty.key, rows)
        self._tx.lease(
            Change("duties", duty.key, {"look_on": max(on, duty.opens_on)}) for duty in changed
        )

    def _telling(self, duty: Duty, values: dict[str, Any], book: Directory) -> Telling:
        """Return the notice to those who have a part since the naming, if the duty is open."""
        now = duty.model_copy(update=values)
        telling = Telling.of(now, f"named:{self._naming.id}", ROLES, book)
        before = {duty.lead, duty.performer, *duty.participants}
        newcomers = (n for n in telling.notices if n.recipient.partition("/")[0] not in before)
        return telling._replace(notices=tuple(newcomers) if duty.opened_on else ())

    def _record(self, deed: str, key: str, rows: list[Change]) -> None:
        at, actor, note = self._act.at, self._act.user, _note(self._naming)
        self._tx.record(deed, key, changes=rows, note=note, at=at, actor=actor)
