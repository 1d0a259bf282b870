"""What a person may correct of a draft: the fields of the form, and what was typed into them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple, get_args

from catalog.dates.recurrence import Recurs
from catalog.errors import InvalidError, NotFoundError
from catalog.plans.contents import Basis, Kind
from catalog.reading.draft import HEAD
from catalog.reading.settling.settlement import DAYS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.datastructures import FormData

    from catalog.reading.draft import Draft

CHOICES: Mapping[str, tuple[str, ...]] = {
    "kind": get_args(Kind),
    "recurrence": get_args(Recurs),
    "basis": get_args(Basis),
    "measured": ("level", "cumulative", "average-growth"),
    "bound": ("reach", "at-least", "more-than"),
}
ADDED = ("obligation", "target")
LISTS = ("participants", "parties")
DEFAULTS = {"recurrence": "once", "measured": "level", "bound": "reach", "basis": "plan"}
FIELDS: Mapping[str, tuple[str, ...]] = {
    "plan": (
        *("plan", "edition", "title", "number"),
        *("issued_on", "starts_on", "ends_on", "office"),
    ),
    "measure": ("title", "lead", "participants"),
    "obligation": (
        *("title", "kind", "recurrence", "due_on", "opens_on", "since", "anchor"),
        *("least", "most", "basis", "parties"),
    ),
    "target": ("indicator", "value", "unit", "by", "measured", "bound", "from", "on", "basis"),
    "aside": ("reason",),
}


class Subject(NamedTuple):
    """What is corrected: its shape, a key of FIELDS, and its fields as they stand.

    Where it `adds`, `about` is the measure under which there is to be one more.
    """

    about: str
    shape: str
    fields: Mapping[str, Any]
    says: str = ""
    adds: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """The fields of its form; what is added names the words it rests on first."""
        return ("says", *FIELDS[self.shape]) if self.adds else FIELDS[self.shape]

    @property
    def shown(self) -> dict[str, Any]:
        """The fields as a form shows them."""
        held = {**DEFAULTS, **self.fields}
        quota, baseline = held.get("quota") or {}, held.get("baseline") or {}
        held |= {"least": quota.get("min"), "most": quota.get("max")}
        held |= {"from": baseline.get("value"), "on": baseline.get("on")}
        return {name: _shown(held.get(name)) for name in self.names}


def subject(draft: Draft, about: str) -> Subject:
    """Return what `about` is in a draft; NotFoundError when it has no such thing."""
    if about == HEAD:
        return Subject(about, "plan", draft.head)
    for measure in draft.measures:
        if measure.number == about:
            fields = {name: getattr(measure, name) for name in FIELDS["measure"]}
            return Subject(about, "measure", fields, measure.title)
        for proposal in measure.proposals:
            if proposal.id == about:
                return Subject(about, proposal.shape, proposal.fields, draft.quote(proposal.says))
    raise NotFoundError("draft-nothing-there", about=about)


def addition(draft: Draft, number: str, shape: str) -> Subject:
    """Return what can be said of an obligation or target nobody proposed under that measure.

    NotFoundError when there is no such measure, or no such thing to add.
    """
    if shape not in ADDED or number not in {measure.number for measure in draft.measures}:
        raise NotFoundError("draft-nothing-there", about=f"{number} {shape}".strip())
    return Subject(number, shape, {}, adds=True)


def typed(what: Subject, form: FormData) -> dict[str, Any]:
    """Return the fields a form sets, as JSON has them; those left empty are taken away.

    InvalidError names the first field that cannot be read.
    """
    given = {name: str(form.get(name, "")).strip() for name in what.names}
    found: dict[str, Any] = {name: _value(name, text) for name, text in given.items()}
    found |= {name: [str(a) for a in form.getlist(name)] for name in LISTS if name in found}
    if what.shape == "obligation":
        found["quota"] = _pair(found, "least", "most", names=("min", "max"))
        found["parties"] = found["parties"] or None
    if what.shape == "target":
        found["baseline"] = _pair(found, "from", "on", names=("value", "on"))
    if what.adds:
        found["shape"] = what.shape
    if what.shape == "measure":
        found["participants"] = [a for a in found["participants"] if a != found["lead"]]
    return found


def _pair(
    found: dict[str, Any], first: str, second: str, *, names: tuple[str, str]
) -> dict[str, Any] | None:
    values = (found.pop(first), found.pop(second))
    if values[0] is None:
        return None
    pairs = zip(names, values, strict=True)
    return {name: value for name, value in pairs if value is not None}


def _value(name: str, text: str) -> Any:
    """Return the text of a field as what it is, None for an empty one."""
    if not text:
        return None
    try:
        if name in DAYS:
            return date.fromisoformat(text).isoformat()
        if name in ("least", "most", "edition"):
            return int(text)
        if name in ("value", "from"):
            return int(text) if text.lstrip("-").isdigit() else float(text)
    except ValueError:
        raise InvalidError("draft-field", place=name, text=text) from None
    if name in CHOICES and text not in CHOICES[name]:
        raise InvalidError("draft-field", place=name, text=text)
    return text


def _shown(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (tuple, list)):
        return tuple(value)
    return "" if value is None else str(value)
