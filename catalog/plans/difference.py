"""Changes by a new edition of a plan: duties added and removed, and terms that differ."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from catalog.plans.expand import expand
from catalog.plans.succession import Heirs
from catalog.plans.terms import Terms, terms

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from catalog.plans.expand import DatedDuty
    from catalog.plans.model import Plan


class Altered(NamedTuple):
    """One term of one duty that the new edition changes; dates, names and numbers as they are."""

    key: str
    term: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Difference:
    """All changes by a new edition over the whole term, by the duties' keys.

    Keys hold no date, so a moved date is the same duty. `ladder` tells whether the ladder differs.
    """

    added: Mapping[str, DatedDuty] = field(default_factory=dict)
    removed: Mapping[str, DatedDuty] = field(default_factory=dict)
    altered: Mapping[str, tuple[Altered, ...]] = field(default_factory=dict)
    ladder: bool = False

    def of(self, *names: str) -> list[Altered]:
        """Return the changes of these terms, or of all terms, by key."""
        changes = (change for altered in self.altered.values() for change in altered)
        return [change for change in changes if not names or change.term in names]


def difference(before: Plan, after: Plan, heirs: Heirs | None = None) -> Difference:
    """Return the changes from `before` to `after`, two editions of one plan.

    Both are read with the agencies of today (`heirs`), so an agency that a plan still names by
    its old name is no change.
    """
    heirs = heirs or Heirs()
    old, new = _duties(before, heirs), _duties(after, heirs)
    both = [key for key in new if key in old]
    altered = {key: tuple(_altered(key, old[key], new[key], after.plan, heirs)) for key in both}
    return Difference(
        added={key: duty for key, duty in new.items() if key not in old},
        removed={key: duty for key, duty in old.items() if key not in new},
        altered={key: changes for key, changes in altered.items() if changes},
        ladder=before.ladder.digest != after.ladder.digest,
    )


def _duties(plan: Plan, heirs: Heirs) -> dict[str, DatedDuty]:
    every = expand(plan, since=plan.issued_on, until=plan.ends_on)
    return {each.key: each for duty in every for each in heirs.apart(plan.plan, duty)}


def _altered(
    key: str, old: DatedDuty, new: DatedDuty, plan: str, heirs: Heirs
) -> Iterator[Altered]:
    pairs = zip(Terms._fields, terms(plan, old, heirs), terms(plan, new, heirs), strict=True)
    return (Altered(key, term, was, now) for term, was, now in pairs if was != now)
