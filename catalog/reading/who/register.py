"""Register of the bodies a document may name, and what each name stands for."""

from __future__ import annotations

import difflib
import re
from functools import cached_property
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, ValidationError

from catalog.plans import file as plan_file
from catalog.plans.contents import Agency, Group, Id
from catalog.plans.load import plan_path
from catalog.reading.grammar.folding import fold

if TYPE_CHECKING:
    from pathlib import Path

    from catalog.plans.model import Plan

_SIMILAR = 0.6  # of two names: enough to offer one for the other, never to replace it
_OFFERS = 3
_BETWEEN = re.compile(r"[、/\s\n]+")
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
        return self._names.get(fold(name), ())

    def is_one(self, name: str) -> bool:
        """Tell whether a name is that of a single agency, not of a group."""
        return fold(name) in self._single

    def share_in(self, text: str) -> float:
        """Return which share of the agencies a text names, by a name or an alias."""
        folded = fold(text)
        agencies = {agency for name, agency in self._single.items() if name in folded}
        return len(agencies) / max(1, len(self.agencies))

    def similar(self, name: str) -> tuple[str, ...]:
        """Return the agencies with similar names: to be offered, never to be taken for it."""
        folded = fold(name)
        if folded not in self._offers:
            near = [each for each in self._single if _may_be_similar(folded, each)]
            names = difflib.get_close_matches(folded, near, n=_OFFERS * 2, cutoff=_SIMILAR)
            agencies = dict.fromkeys(self._single[each] for each in names)
            self._offers[folded] = tuple(agencies)[:_OFFERS]
        return self._offers[folded]

    def ends_list(self, name: str) -> bool:
        """Tell whether a list of known names can end with a name, itself or behind a place."""
        folded = fold(name)
        return any(place + folded in self._names for place in ("", *_PLACES))

    def agencies_of_list(self, names: list[str]) -> list[tuple[str, ...]]:
        """Return the agencies that each name of a list stands for.

        What the last name of a list ends with holds for the short ones before it
        (廣東、深圳、珠海檢驗檢疫局), and a leading 省 for those behind it (省科技廳、外經貿廳).
        """
        full = list(names)
        for at in range(len(names) - 1, 0, -1):
            self._lend(full, names, at)
        folded = list(map(fold, names))
        places = [p for p in _PLACES if any(name.startswith(p) for name in folded)]
        pairs = zip(names, full, strict=True)
        return [self.find(spelt) or self._placed(name, places) for name, spelt in pairs]

    def _lend(self, full: list[str], names: list[str], at: int) -> None:
        """Give the ending of the name `at` to the run of short names before it."""
        last = names[at]
        if not self.find(last) or full[at] != last:
            return
        for cut in range(1, len(last) - 1):
            ending, first = last[cut:], at
            while first and self._fits(names[first - 1], ending):
                first -= 1
            if first < at:
                full[first:at] = [name + ending for name in names[first:at]]
                return

    def _fits(self, name: str, ending: str) -> bool:
        return not fold(name).endswith(fold(ending)) and bool(self.find(name + ending))

    def _placed(self, name: str, places: list[str]) -> tuple[str, ...]:
        """Return the agencies of a name with a place that another name of the list gives."""
        return next(filter(None, (self.find(place + name) for place in places)), ())

    @cached_property
    def separator(self) -> re.Pattern[str]:
        """A `sign` between two names, outside brackets and names of groups (各乡镇、街道)."""
        whole = [re.escape(name) for name, _ in self.gathered if _BETWEEN.search(name)]
        return re.compile("|".join([*whole, r"\([^()]*\)", f"(?P<sign>{_BETWEEN.pattern})"]))

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
    def _offers(self) -> dict[str, tuple[str, ...]]:
        return {}

    @cached_property
    def _single(self) -> dict[str, str]:
        return {fold(name): a.id for a in self.agencies for name in (a.name, *a.aliases)}

    @cached_property
    def _names(self) -> dict[str, tuple[str, ...]]:
        return dict(self.gathered) | {name: (agency,) for name, agency in self._single.items()}


def _may_be_similar(name: str, other: str) -> bool:
    """Tell whether two names have signs enough in common, which is quickly seen."""
    shared = sum(map(name.__contains__, other))
    return 2 * min(shared, len(name)) >= _SIMILAR * (len(name) + len(other))


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
