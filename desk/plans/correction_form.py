"""Form that corrects a part of a plan's draft: its fields and their values."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple, get_args

from catalog.dates.recurrence import Recurs
from catalog.errors import InvalidError, NotFoundError
from catalog.plans.contents import Basis, Kind
from catalog.reading.draft import HEAD
from catalog.reading.settling.settlement import DAYS
from tasks.clock import typed_day

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
        *("title", "kind", "recurrence", "due_on", "opens_on", "since", "anchor", "opens", "due"),
        *("least", "most", "basis", "reason", "parties"),
    ),
    "target": ("indicator", "value", "unit", "by", "measured", "bound", "from", "on", "basis"),
    "aside": ("reason",),
}


class Subject(NamedTuple):
    """The part of a draft that is corrected: its shape, a key of FIELDS, and its fields.

    With `adds`, a new part of the measure `about`.
    """

    about: str
    shape: str
    fields: Mapping[str, Any]
    says: str = ""
    adds: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """The fields of the form; a new part begins with the words it rests on."""
        return ("says", *FIELDS[self.shape]) if self.adds else FIELDS[self.shape]

    @property
    def values(self) -> dict[str, Any]:
        """The values of the form's fields."""
        values = {**DEFAULTS, **self.fields}
        quota, baseline = values.get("quota") or {}, values.get("baseline") or {}
        values |= {"least": quota.get("min"), "most": quota.get("max")}
        values |= {"from": baseline.get("value"), "on": baseline.get("on")}
        return {name: _form_value(values.get(name)) for name in self.names}


def subject(draft: Draft, about: str) -> Subject:
    """Return the part `about` of a draft; NotFoundError when the draft has none."""
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
    """Return a new obligation or target under measure `number`.

    NotFoundError for an unknown measure or shape.
    """
    if shape not in ADDED or number not in {measure.number for measure in draft.measures}:
        raise NotFoundError("draft-nothing-there", about=f"{number} {shape}".strip())
    return Subject(number, shape, {}, adds=True)


def form_fields(what: Subject, form: FormData) -> dict[str, Any]:
    """Return the fields a form sets, as JSON values; an empty field is None.

    InvalidError names the first unreadable field.
    """
    texts = {name: str(form.get(name, "")).strip() for name in what.names}
    fields: dict[str, Any] = {name: _value(name, text) for name, text in texts.items()}
    fields |= {name: [str(a) for a in form.getlist(name)] for name in LISTS if name in fields}
    if what.shape == "obligation":
        fields["quota"] = _pair(fields, "least", "most", names=("min", "max"))
        fields["parties"] = fields["parties"] or None
    if what.shape == "target":
        fields["baseline"] = _pair(fields, "from", "on", names=("value", "on"))
    if what.adds:
        fields["shape"] = what.shape
    if what.shape == "measure":
        fields["participants"] = [a for a in fields["participants"] if a != fields["lead"]]
    return fields


def _pair(
    fields: dict[str, Any], first: str, second: str, *, names: tuple[str, str]
) -> dict[str, Any] | None:
    values = (fields.pop(first), fields.pop(second))
    if values[0] is None:
        return None
    pairs = zip(names, values, strict=True)
    return {name: value for name, value in pairs if value is not None}


def _value(name: str, text: str) -> Any:
    """Return the value of a field's text, None for an empty one."""
    if not text:
        return None
    try:
        if name in DAYS:
            return typed_day(text).isoformat()
        if name in ("least", "most", "edition"):
            return int(text)
        if name in ("value", "from"):
            return int(text) if text.lstrip("-").isdigit() else float(text)
    except ValueError:
        raise InvalidError("draft-field", place=name, text=text) from None
    if name in CHOICES and text not in CHOICES[name]:
        raise InvalidError("draft-field", place=name, text=text)
    return text


def _form_value(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (tuple, list)):
        return tuple(value)
    return "" if value is None else str(value)
