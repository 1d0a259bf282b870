"""Hand out the shares of targets for a year: the yearly duty that the plan names is done by it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from catalog.clean import typed
from catalog.duties.standing import RUNNING, standing
from catalog.errors import ConflictError, DubanError, InvalidError
from catalog.plans.shares import Part, place_of_shares
from catalog.plans.trajectory import figure
from catalog.wording import say
from ledger.duties import duties
from ledger.people import agencies, users
from ledger.proof import chain
from ledger.reports import localities
from ledger.store.changes import Change
from tasks.deeds.amount import check_amount
from tasks.deeds.answering import file_submission
from tasks.deeds.frame import roles
from tasks.in_force import in_force
from tasks.post.tidings import News, herald
from tasks.shares import handed_out, lacking, shares

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from catalog.plans.contents import Target
    from catalog.plans.model import Plan
    from ledger.duties.duties import Duty
    from ledger.session import Ledger, Transaction
    from tasks.act import Act
    from tasks.shares import Parts


class NewShare(NamedTuple):
    """A share to be handed out: the party as the plan names it, its figures as they were typed.

    `place` is the cell or field it came from, for the person who reads an error.
    """

    target: str
    party: str
    value: str
    weight: str = "1"
    place: str = ""


class SharesTogether(NamedTuple):
    """A target and the figure that all shares make; no figures where some are missing."""

    target: str
    indicator: str
    actual: str = ""
    expected: str = ""
    verdict: str = ""


class ShortShares(NamedTuple):
    """A target that would be behind at the end of a year although every party met its share."""

    target: str
    actual: str
    expected: str


def hand_out(
    ledger: Ledger, key: str, act: Act, *, new: Sequence[NewShare], reason: str = ""
) -> int:
    """Hand out the shares of the year of the duty `key`; return how many have changed.

    Each party of a target needs its share of the year, now or before. Shares that leave the target
    behind its course need a `reason`. A changed share is kept beside the one before, and its party
    is told. With the last target shared out the duty is filed. Everything is done or nothing:
    InvalidError for a figure, target or party, ConflictError for a duty that hands nothing out, for
    somebody who does not perform it, and for missing or short shares.
    """
    with ledger.together() as whole:
        with whole.transaction() as tx:
            duty = duties.one(tx.conn, key, lock=True)
            work = _Work(tx, duty, act, typed(reason, "reason"))
            count = work.record(new, sender=ledger.settings.sender)
        if work.complete and standing(duties.facts(duty), act.on).status in RUNNING:
            n = len(work.targets)
            summary = say(ledger.settings.lang, "shares.summary", year=duty.period, n=n)
            file_submission(whole, key, act, summary=summary)
    return count


class _Work:
    """The shares of one duty's year, as they are and as they become."""

    def __init__(self, tx: Transaction, duty: Duty, act: Act, reason: str) -> None:
        self.tx, self.duty, self.act, self.reason = tx, duty, act, reason
        self.plan = in_force(tx.conn, duty.plan).plan
        self.year = int(duty.period) if duty.period.isdecimal() else 0
        self.targets = handed_out(self.plan, duty.obligation, self.year)
        self.parts = shares(tx.conn, self.plan)
        self._require_right()

    @property
    def complete(self) -> bool:
        """Tell whether no party lacks a share of the year."""
        return not lacking(self.plan, self.duty.obligation, self.year, self.parts)

    def record(self, new: Sequence[NewShare], *, sender: str) -> int:
        changed = [share for share in new if self._change(share)]
        touched = {share.target for share in new}
        self._require_all(touched)
        short = short_shares(self.plan, touched, self.year, self.parts)
        if short and not self.reason:
            raise ConflictError("shares-short", year=self.year, **short[0]._asdict())
        if not changed:
            return 0
        note = {"on": self.act.on, "year": self.year, "reason": self.reason}
        self.tx.record(
            "shared-out",
            self.duty.key,
            changes=[*self._rows(changed), *self._news(changed, sender)],
            note={name: value for name, value in note.items() if value},
            at=self.act.at,
            actor=self.act.user,
        )
        return len(changed)

    def _require_right(self) -> None:
        values = {"deed": "share-out", "key": self.duty.key, "user": self.act.user}
        if not self.targets:
            raise ConflictError("shares-none", **values)
        actors = users.acting_for(self.tx.conn, self.act.user, self.act.on)
        if "performer" not in roles(actors, self.duty, self.plan.office):
            raise ConflictError("rule-who-performer", **values)
        check_amount(self.tx.conn, self.duty.key, self.act)

    def _change(self, share: NewShare) -> bool:
        """Take a share in; tell whether it differs from the one before."""
        part = _part(share, self.targets)
        of_year = self.parts[share.target].setdefault(self.year, {})
        before, of_year[share.party] = of_year.get(share.party), part
        return before != part

    def _require_all(self, touched: set[str]) -> None:
        for full in sorted(touched):
            for party in self.targets[full].parties or ():
                if party not in self.parts[full][self.year]:
                    values = {"target": full, "agency": self.plan.agency(party).name}
                    raise ConflictError("share-missing", year=self.year, **values)

    def _rows(self, changed: Sequence[NewShare]) -> list[Change]:
        every = localities.shares(self.tx.conn, self.plan.plan)
        before = [(share.target, share.year, share.party) for share in every]
        return [
            self._row(share, before.count((share.target, self.year, share.party)) + 1)
            for share in changed
        ]

    def _row(self, share: NewShare, number: int) -> Change:
        values = {
            "plan": self.plan.plan,
            "target": share.target,
            "year": self.year,
            "party": share.party,
            "number": number,
            "value": f"{figure(share.value):f}",
            "weight": f"{figure(share.weight):f}",
            "duty": self.duty.key,
            "reason": self.reason,
            "decided_on": self.act.on,
            "decided_by": self.act.user,
        }
        head = f"{self.plan.plan}/{share.target}/{share.party}/{self.year}"
        return Change("shares", f"{head}#share-{number}", values, "insert")

    def _news(self, changed: Sequence[NewShare], sender: str) -> list[Change]:
        """Return the rows that tell each party its shares of the year in its next digest."""
        plan, heirs = self.plan.plan, agencies.heirs(self.tx.conn)
        number = 1 + chain.count(self.tx.conn, self.duty.key, "shared-out")
        holders = {s.party: heirs.of(s.party, plan, s.target.partition(".")[0]) for s in changed}
        news = [
            News("shares", f"{plan}/{self.year}/{party}/{number}", [agency])
            for party, agency in holders.items()
        ]
        return herald(self.tx, plan, self.act, news, sender=sender)


def faults(targets: Mapping[str, Target], new: Sequence[NewShare]) -> list[InvalidError]:
    """Return what is wrong with each share that cannot be read, by its place."""
    errors = []
    for share in new:
        try:
            _part(share, targets)
        except InvalidError as error:
            errors.append(error)
    return errors


def sums(plan: Plan, year: int, parts: Mapping[str, Parts]) -> list[SharesTogether]:
    """Return what the shares of each target make by the end of `year`, beside its course."""
    every = []
    for full, target in plan.targets.items():
        if target.shared_by and year <= target.by.year:
            until = {y: by_party for y, by_party in parts[full].items() if y <= year}
            at = place_of_shares(target, until, starts_on=plan.starts_on)
            if at is None or at.year != year:
                every.append(SharesTogether(full, target.indicator))
            else:
                figures = (str(at.actual), str(at.expected), at.verdict)
                every.append(SharesTogether(full, target.indicator, *figures))
    return every


def short_shares(
    plan: Plan, targets: set[str], year: int, parts: Mapping[str, Parts]
) -> list[ShortShares]:
    """Return those of `targets` that would be behind at the end of `year` by just their shares.

    While an earlier year of a sum or a growth is not shared out, nothing is said of it.
    """
    short = []
    for full in sorted(targets):
        until = {y: by_party for y, by_party in parts[full].items() if y <= year}
        at = place_of_shares(plan.target(full), until, starts_on=plan.starts_on)
        if at and at.year == year and at.verdict == "behind" and not at.unreported:
            short.append(ShortShares(full, str(at.actual), str(at.expected)))
    return short


def _part(share: NewShare, targets: Mapping[str, Target]) -> Part:
    """Return the figures of a share; InvalidError names its place for one that cannot be read."""
    place = share.place or f"{share.target} {share.party}"
    if share.target not in targets:
        raise InvalidError("share-target", place=place, target=share.target)
    if share.party not in (targets[share.target].parties or ()):
        raise InvalidError("share-party", place=place, agency=share.party)
    try:
        part = Part(figure(share.value), figure(share.weight))
    except DubanError:
        raise InvalidError("figure-in-cell", place=place, typed=share.value) from None
    if part.weight <= 0:
        raise InvalidError("figure-in-cell", place=place, typed=share.weight)
    return part
