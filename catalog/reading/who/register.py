"""Which agencies there are, and which of them a name of a document is: exactly, or none."""

from __future__ import annotations

import difflib
from functools import cached_property
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, ValidationError

from catalog.plans import file as plan_file
from catalog.plans.contents import Agency, Group, Id  # noqa: TC001
from catalog.plans.load import plan_path
from catalog.reading.grammar.folding import fold

if TYPE_CHECKING:
    from pathlib import Path

    from catalog.plans.model import Plan

_LIKE = 0.6  # of two names: alike enough to be offered, never enough to be taken
_OFFERED = 3
_PLACES = ("省", "市", "县", "区", "州", "自治区", "国家", "全国", "中央")


class Register(BaseModel):
    """The bodies a document may name; `office` is the one that coordinates, where it is known."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)

    agencies: tuple[Agency, ...]
    groups: tuple[Group, ...] = ()
    office: Id | None = None

    @classmethod
    def of(cls, plan: Plan) -> Register:
        """Return the register a plan brings with it."""
        return cls(agencies=plan.agencies, groups=plan.groups, office=plan.office)

    def find(self, name: str) -> tuple[str, ...]:
        """Return the agencies a name or alias stands for, in either script; none when unknown."""
        return self._known.get(fold(name), ())

    def is_one(self, name: str) -> bool:
        """Tell whether a name is that of a single agency, not of a group."""
        return fold(name) in self._single

    def share_named(self, text: str) -> float:
        """Return which share of the agencies a text names, by a name or an alias."""
        folded = fold(text)
        named = {agency for name, agency in self._single.items() if name in folded}
        return len(named) / max(1, len(self.agencies))

    def like(self, name: str) -> tuple[str, ...]:
        """Return the agencies whose names look like `name`: to be offered, never to be taken."""
        alike = difflib.get_close_matches(fold(name), self._single, n=_OFFERED * 2, cutoff=_LIKE)
        return tuple(dict.fromkeys(self._single[each] for each in alike))[:_OFFERED]

    def listed(self, names: list[str]) -> list[tuple[str, tuple[str, ...]]]:
        """Return each name of a list with the agencies it stands for.

        What the last name of a list ends with holds for the short ones before it
        (廣東、深圳、珠海檢驗檢疫局), and a leading 省 for those behind it (省科技廳、外經貿廳).
        """
        full = list(names)
        for at in range(len(names) - 1, 0, -1):
            self._lend(full, names, at)
        found = []
        for name, spelt in zip(names, full, strict=True):
            found.append((name, self.find(spelt) or self._placed(name, names)))
        return found

    def _lend(self, full: list[str], names: list[str], at: int) -> None:
        """Give the ending of the name `at` to the run of short names before it."""
        last = names[at]
        if not self.find(last) or full[at] != last:
            return
        for cut in range(1, len(last) - 1):
            ending, first = last[cut:], at
            while first and self._takes(names[first - 1], ending):
                first -= 1
            if first < at:
                full[first:at] = [name + ending for name in names[first:at]]
                return

    def _takes(self, name: str, ending: str) -> bool:
        return not fold(name).endswith(fold(ending)) and bool(self.find(name + ending))

    def _placed(self, name: str, names: list[str]) -> tuple[str, ...]:
        for place in _PLACES:
            if any(fold(other).startswith(place) for other in names) and (
                found := self.find(place + name)
            ):
                return found
        return ()

    @cached_property
    def gathered(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """The folded names of groups with their members, longer names first."""
        groups = {fold(name): g.members for g in self.groups for name in (g.name, *g.aliases)}
        return tuple(sorted(groups.items(), key=lambda each: -len(each[0])))

    @cached_property
    def places(self) -> tuple[tuple[str, ...], ...]:
        """The members of each group of cities."""
        cities = {a.id for a in self.agencies if a.kind == "city"}
        return tuple(g.members for g in self.groups if cities.issuperset(g.members))

    @cached_property
    def _single(self) -> dict[str, str]:
        return {fold(name): a.id for a in self.agencies for name in (a.name, *a.aliases)}

    @cached_property
    def _known(self) -> dict[str, tuple[str, ...]]:
        return dict(self.gathered) | {name: (agency,) for name, agency in self._single.items()}


def load_register(name_or_path: str | Path) -> Register:
    """Return the agencies and groups of a plan or of a file with such tables.

    Raises NotFoundError when there is neither, and InvalidError with `place` for the first fault.
    """
    return register_of(plan_file.read(plan_path(name_or_path)))


def register_of(file: plan_file.PlanFile) -> Register:
    """Return the agencies and groups a file says; InvalidError with `place` for the first fault."""
    try:
        return Register.model_validate({"agencies": (), **file.fields()})
    except ValidationError as error:
        raise file.refusal(error) from error
